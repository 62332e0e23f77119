// Looks at a page as it is laid out. Each function returns findings in words; audit.py injects this, and axe-core where it is asked for.
globalThis.audit = (() => {
  const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex^='-'])";

  /** An element as a person finds it: `li.back > a "All the articles"`. */
  const name = (element) => {
    const own = (e) => e.localName + (e.id ? `#${e.id}` : "") + [...e.classList].map((c) => `.${c}`).join("");
    const words = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.parentElement ? `${own(element.parentElement)} > ` : ""}${own(element)}${words ? ` "${words}"` : ""}`;
  };

  const ancestors = function* (element) {
    for (let e = element; e; e = e.parentElement) yield e;
  };

  /** Shown to the eye: rendered, and not one of the boxes of a pixel that only screen readers read. */
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true }) &&
    ![...ancestors(element)].some((e) => getComputedStyle(e).clipPath === "inset(50%)");

  /** Every line of text, as {element, rect}. */
  const lines = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || element.closest("textarea, script, style, option, svg") || !seen(element)) continue;
      range.selectNodeContents(walker.currentNode);
      for (const rect of range.getClientRects()) if (rect.width > 0 && rect.height > 0) found.push({ element, rect });
    }
    return found;
  };

  /** Text and controls that leave the window sideways, that a box cuts off, or that scroll sideways; text over other text. */
  const overflow = () => {
    const width = document.documentElement.clientWidth;
    const findings = new Set();
    if (document.scrollingElement.scrollWidth > width) findings.add(`the page scrolls sideways: ${document.scrollingElement.scrollWidth} px in ${width}`);
    const controls = [...document.body.querySelectorAll("img, input, textarea, select, button, table, [class='door']")].filter(seen);
    const texts = lines();
    for (const { element, rect, within } of [...texts, ...controls.map((element) => ({ element, rect: element.getBoundingClientRect(), within: element.parentElement }))]) {
      if (rect.right > width + 1 || rect.left < -1) findings.add(`outside the window (${Math.round(rect.left)} to ${Math.round(rect.right)} of ${width}): ${name(element)}`);
      for (const box of ancestors(within ?? element)) {
        const style = getComputedStyle(box);
        if (box === document.body || box === document.documentElement || (style.overflowX === "visible" && style.overflowY === "visible")) continue;
        if (/auto|scroll/.test(style.overflowX) && box.scrollWidth > box.clientWidth + 1) findings.add(`scrolls sideways: ${name(box)}`);
        const edge = box.getBoundingClientRect();
        const cutX = /hidden|clip/.test(style.overflowX) && (rect.right > edge.right + 1 || rect.left < edge.left - 1);
        const cutY = /hidden|clip/.test(style.overflowY) && (rect.bottom > edge.bottom + 4 || rect.top < edge.top - 4);
        if (cutX || cutY) findings.add(`cut off by ${name(box)}: ${name(element)}`);
      }
    }
    // Two lines overlap when their middles do: the boxes of lines set tight touch without harm.
    const cores = texts.map(({ element, rect }) => ({ element, left: rect.left + 1, right: rect.right - 1, top: rect.top + rect.height * 0.3, bottom: rect.bottom - rect.height * 0.3 }));
    cores.sort((a, b) => a.top - b.top);
    cores.forEach((one, index) => {
      for (let i = index + 1; i < cores.length && cores[i].top < one.bottom; i++) {
        const two = cores[i];
        if (one.left < two.right && two.left < one.right && one.top < two.bottom && !overlaid(one.element, two.element)) findings.add(`text over text: ${name(one.element)} and ${name(two.element)}`);
      }
    });
    return [...findings];
  };

  /** One of the two lies on top on purpose, on a ground of its own: an open menu. */
  const overlaid = (one, two) => {
    const layer = (element) => [...ancestors(element)].find((e) => getComputedStyle(e).position === "absolute" && getComputedStyle(e).backgroundColor !== "rgba(0, 0, 0, 0)");
    return layer(one) !== layer(two);
  };

  /** What the Tab key should reach, in order; a group of radio buttons counts once. */
  const stops = () =>
    [...document.querySelectorAll(FOCUSABLE)].filter((element) => {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) return false;
      if (element.type !== "radio") return true;
      const group = [...document.querySelectorAll(`input[type=radio][name="${element.name}"]`)];
      return element === (group.find((radio) => radio.checked) ?? group[0]);
    });

  const channels = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (const e of ancestors(element)) {
      const { rgb, a } = channels(getComputedStyle(e).backgroundColor);
      if (a === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const contrast = (one, two) => {
    const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  /** What is wrong with how the focused element shows: WCAG 2.4.7, 2.4.11 to 2.4.13. */
  const focus = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return ["nothing has the focus"];
    const findings = [];
    const style = getComputedStyle(element);
    const rect = element.getClientRects()[0];
    if (!element.matches(":focus-visible")) findings.push(`not marked as focused: ${name(element)}`);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) findings.push(`no outline of 2 px: ${name(element)}`);
    else {
      const ratio = contrast(channels(style.outlineColor).rgb, ground(parseFloat(style.outlineOffset) >= 0 ? element.parentElement : element));
      if (ratio < 3) findings.push(`outline at ${ratio.toFixed(1)}:1: ${name(element)}`);
    }
    if (rect.bottom < 1 || rect.top > innerHeight - 1 || rect.right < 1 || rect.left > innerWidth - 1) findings.push(`focused out of sight: ${name(element)}`);
    else {
      const at = document.elementFromPoint((Math.max(rect.left, 0) + Math.min(rect.right, innerWidth)) / 2, (Math.max(rect.top, 0) + Math.min(rect.bottom, innerHeight)) / 2);
      if (at && !element.contains(at) && !at.contains(element)) findings.push(`covered by ${name(at)}: ${name(element)}`);
    }
    return findings;
  };

  /** Until what is under way has been painted, and the events of it have been told. */
  const settled = async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  };

  /** Until the browser has nothing left to do, where it tells (WebKit does not; Chromium may forget, hence the limit). */
  const idle = () => new Promise((done) => (globalThis.requestIdleCallback ?? done)(done, { timeout: 1000 }));

  /** Layout shifts since the page began. */
  const shifts = async () => {
    const moved = [];
    const observer = new PerformanceObserver((list) => moved.push(...list.getEntries()));
    observer.observe({ type: "layout-shift", buffered: true });
    await settled();
    moved.push(...observer.takeRecords());
    observer.disconnect();
    return moved.filter((e) => e.value > 0).map((e) => `layout shift of ${e.value.toFixed(3)}: ${e.sources.map((s) => s.node?.parentElement && name(s.node.parentElement ?? s.node)).join(", ")}`);
  };

  /** Where a boundary is drawn with a ground alone, forced colours take it away: each of these needs a border. */
  const unbounded = () => {
    const parts = (e) => [getComputedStyle(e), getComputedStyle(e, "::before")];
    const bordered = (style, around) =>
      ["Top", "Bottom"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1 && contrast(channels(style[`border${side}Color`]).rgb, around) >= 3);
    return [...document.querySelectorAll(".door:not(.quiet), .admonition, .checklist > li, input, textarea, select, button")]
      .filter((e) => seen(e) && e.type !== "radio" && e.type !== "checkbox")
      .filter((e) => !parts(e).some((style) => bordered(style, ground(e.parentElement))))
      .map((e) => `no boundary: ${name(e)}`);
  };

  /** Forced colours put the colour of the page behind words, unless told not to: words of that colour vanish. */
  const vanished = () => {
    const page = getComputedStyle(document.documentElement).backgroundColor;
    const gone = ({ color, forcedColorAdjust }) => color === page && forcedColorAdjust !== "none";
    return [...new Set(lines().map(({ element }) => element))].filter((e) => gone(getComputedStyle(e))).map((e) => `words vanish: ${name(e)}`);
  };

  /** What moves by itself: the name and the end, in ms, of each animation and transition under way. */
  const motion = () =>
    document.getAnimations().map((animation) => {
      const { duration, delay, iterations } = animation.effect.getTiming();
      return { name: animation.animationName ?? animation.transitionProperty, ends: delay + duration * iterations };
    });

  /** Every piece of text of the page's main part that is shown. */
  const words = () => {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement, data } = walker.currentNode;
      if (data.trim() && !parentElement.closest("textarea, script, option") && seen(parentElement)) found.push(data);
    }
    return found;
  };

  /** The addresses of links to other pages that paper should show. */
  const targets = () =>
    [...document.querySelectorAll("main a[href]")]
      .filter((a) => seen(a) && !/^(#|tel:|mailto:)/.test(a.getAttribute("href")) && !a.closest(".stepper, .entries"))
      .map((a) => a.getAttribute("href"));

  /** What each table holds: its caption, and how many rows, column headers, row headers and cells. */
  const tables = () =>
    [...document.querySelectorAll("table")].map((table) => [
      table.caption.textContent.trim().replace(/\s+/g, " "),
      ...["tr", "th[scope=col]", "th[scope=row]", "td"].map((part) => table.querySelectorAll(part).length),
    ]);

  /** Violations of axe-core's rules with any of these tags. */
  const runAxe = async (tags) => {
    const chosen = axe.getRules(tags).filter((rule) => !rule.tags.includes("experimental") && !rule.tags.includes("deprecated"));
    const rules = Object.fromEntries(chosen.map(({ ruleId }) => [ruleId, { enabled: true }]));
    const runOnly = { type: "rule", values: Object.keys(rules) };
    const { violations } = await axe.run({ runOnly, rules, resultTypes: ["violations"], preload: false });
    const why = (node) => node.failureSummary.split("\n").slice(1).join(" ").trim();
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${why(node)}`));
  };

  const violations = [];
  document.addEventListener("securitypolicyviolation", (event) => violations.push(`policy violated (${event.disposition}): ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));

  return { axe: runAxe, name, seen, overflow, stops, focus, settled, shifts, unbounded, vanished, motion, words, targets, tables, violations: async () => (await settled(), await idle(), violations) };
})();
