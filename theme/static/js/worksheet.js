// The SMART worksheet, filled in on its page. Nothing is sent; the answers leave this page only as a file, on paper, or
// as the one entry that the reader asks to keep on the device. Fields, labels and limits are read from the form, words
// from the template beside it, so that this file knows no language. The exported functions touch no page.

const KEY = "htm-smart-worksheet"; // the declared storage key, and what names our files as ours
const VERSION = 1;
const LARGEST = 100_000; // bytes; a full sheet has about 15,000
const DAY = 86_400_000; // milliseconds

// ---- Answers: an object from a field's id to its text; a field without an answer has no entry.

/** Whether `text` is a real day, such as 2027-02-28. A year that is still being typed (0202) is not. */
export const isDay = (text) =>
  /^(19|2\d)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** Days and months as they are where the reader is, not in UTC. */
export const localDay = (date) => dashed(date.getFullYear(), date.getMonth() + 1, date.getDate());

const dashed = (...numbers) => numbers.map((number) => String(number).padStart(2, "0")).join("-");

export const isWritten = (answers) => Object.keys(answers).some((id) => id !== "sharing");

/** What the fields can hold of `values`: {answers, cut: fields whose text was too long, lost: names that do not fit}. */
export function fit(values, fields) {
  const answers = {};
  const cut = [];
  const known = new Map(fields.map((field) => [field.id, field]));
  const lost = Object.keys(values).filter((id) => {
    const field = known.get(id);
    let value = values[id];
    if (value === null || value === "") return false;
    if (!field || !["string", "number"].includes(typeof value)) return true;
    value = String(value).normalize().replace(/\r\n?/g, "\n");
    if (field.kind !== "text") value = value.replace(/\s+/g, " ").trim();
    if (field.kind === "date" && !isDay(value)) return true;
    if (field.options && !field.options.has(value)) return true;
    if (field.limit && value.length > field.limit) {
      value = value.slice(0, field.limit).replace(/[\uD800-\uDBFF]$/, "");
      cut.push(field);
    }
    if (value.trim()) answers[id] = value;
    return false;
  });
  return { answers, cut, lost };
}

/** The answers as the text of a file. */
export const write = (answers, language, day) =>
  JSON.stringify({ format: KEY, version: VERSION, language, saved: day, answers }, null, 2) + "\n";

/** The answers in a text saved here: a label, and below it the answer, four spaces in. `months` are names, in order. */
export function readText(text, fields, months) {
  const values = {};
  let id;
  for (const line of text.split(/\r\n?|\n/)) {
    if (/^\S/.test(line)) id = fields.find(({ label }) => label === line.trim())?.id;
    else if (id && (line || id in values)) values[id] = `${values[id] ?? ""}${line.replace(/^ {4}/, "")}\n`;
  }
  for (const { id: name, kind, options } of fields.filter((field) => field.id in values)) {
    const value = values[name].trimEnd();
    const [, day, month, year] = value.match(/^(\d+)\S*\s(\S+)\s(\d{4})$/) ?? [];
    const label = [...(options ?? [])].find((option) => option[1] === value);
    const date = kind === "date" && day && dashed(year, months.indexOf(month) + 1, day);
    values[name] = label?.[0] || date || value;
  }
  if (!Object.keys(values).length) throw new Error("broken");
  return fit(values, fields);
}

/** The opposite of `write`, for whatever a file may hold. Throws an Error whose message is the name of the reason. */
export function read(text, fields, months = []) {
  let file;
  try {
    file = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return readText(text, fields, months);
  }
  const { format, version = VERSION, answers } = file ?? {};
  if (format !== KEY || !Number.isInteger(version) || Object.prototype.toString.call(answers) !== "[object Object]") {
    throw new Error("foreign");
  }
  if (version > VERSION) throw new Error("newer");
  return fit(answers, fields);
}

/** Advice, never more: [{id: the field it stands at, name: the word that says it}]. `ids` are the fields there are. */
export function advise(answers, ids, today) {
  const advice = [];
  const say = (id, name) => ids.includes(id) && advice.push({ id, name });
  const rows = (name) => new Set(ids.map((id) => id.match(`^${name}_\\d+(?=_)`)?.[0]).filter(Boolean));
  const day = (id) => (isDay(answers[id]) ? answers[id] : "");
  const [begins, ends, reviewed] = ["date_started", "t", "review_date"].map(day);
  const { statement, first_action: action } = answers;

  const indicators = [...rows("indicators")];
  if (!indicators.some((row) => answers[`${row}_name`])) {
    if (statement || ["m", "a", "r"].some((id) => answers[id])) say(`${indicators[0]}_name`, "no-indicator");
  }
  for (const row of indicators) {
    const gap = ["baseline", "target", "source"].find((part) => !answers[`${row}_${part}`]);
    if (answers[`${row}_name`] && gap) say(`${row}_${gap}`, "unread");
  }
  for (const row of rows("obstacles")) {
    if (answers[`${row}_obstacle`] && !answers[`${row}_response`]) say(`${row}_response`, "unanswered");
  }
  if (!ends && statement) say("t", "no-end");
  if (begins && ends && ends <= begins) say("t", "end-early");
  for (const row of rows("milestones")) {
    const on = day(`${row}_date`);
    if (on && ((begins && on < begins) || (ends && on > ends))) say(`${row}_date`, "outside");
  }
  const acts = day("first_action_date");
  if (action && !acts) say("first_action_date", "undone");
  if (acts && Date.parse(acts) - Date.parse(begins || today) > 7 * DAY) say("first_action_date", "far");
  if (!reviewed && statement) say("review_date", "no-review");
  if (reviewed && ends && reviewed > ends) say("review_date", "review-late");
  else if (reviewed && begins && reviewed < begins) say("review_date", "review-early");
  return advice;
}

/** A line of a calendar file in pieces of at most 75 bytes, none of which ends within a character (RFC 5545, 3.1). */
export function fold(line) {
  let used = 0;
  return line.replace(/./gsu, (sign) => {
    const size = new TextEncoder().encode(sign).length;
    const full = used + size > 75;
    used = full ? size + 1 : used + size;
    return full ? `\r\n ${sign}` : sign;
  });
}

/** A calendar file with one event of a whole day: that day wherever the reader is, private, and leaving the day free. */
export function calendar(day, title, { language, now, uid }) {
  const next = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
  const event = `BEGIN:VEVENT
UID:${uid}
DTSTAMP:${now.toISOString().replace(/[-:]|\.\d+/g, "")}
DTSTART;VALUE=DATE:${day.replaceAll("-", "")}
DTEND;VALUE=DATE:${next.replaceAll("-", "")}
SUMMARY:${title.replace(/[\\;,]/g, "\\$&")}
CLASS:PRIVATE
TRANSP:TRANSPARENT
END:VEVENT`;
  const head = `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Human Trajectory Makers//SMART worksheet//${language.toUpperCase()}`;
  return `${head}\n${event}\nEND:VCALENDAR\n`.split("\n").map(fold).join("\r\n");
}

/** Counted down aloud only near the end: how many of these marks have been passed. */
export const alarm = (left, limit) => [Math.round(limit / 5), 10, 0].filter((mark) => left <= mark).length;

// ---- The page

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** The fields of the form in their order, each with its place to count and its place for advice. */
const fieldsOf = (form) =>
  [...form.querySelectorAll(".field")].map((box) => {
    const controls = [...box.querySelectorAll("input, textarea")];
    const group = box.localName === "fieldset";
    for (const control of controls) control.name ||= control.id;
    const [{ name: id, maxLength: limit = 0 }] = controls;
    const add = (kind) => {
      const made = box.appendChild(element(group ? "p" : "span", { className: kind, id: `${id}_${kind}` }));
      const described = group ? box : controls[0];
      described.setAttribute("aria-describedby", `${described.getAttribute("aria-describedby") ?? ""} ${made.id}`.trim());
      return made;
    };
    return {
      id,
      kind: box.classList[1],
      label: box.querySelector("legend, label").textContent,
      limit: Math.max(limit, 0),
      options: group ? new Map(controls.map((control) => [control.value, control.parentElement.textContent.trim()])) : null,
      controls,
      part: box.closest("form > fieldset"),
      row: box.closest(".row"),
      advice: add("advice"),
      counter: limit > 0 ? add("counter") : null,
    };
  });

function start(root) {
  const find = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  const words = Object.fromEntries(find("template").content.textContent.trim().split("\n").map((line) => line.split(/=(.*)/)));
  const language = document.documentElement.lang;
  const { locale } = root.dataset;
  const [form, keep, file, handout, select] = ["form", "#keep", "[type=file]", ".handout", "#part"].map(find);
  const title = form.getAttribute("aria-label");
  const fields = fieldsOf(form);
  const ids = fields.map(({ id }) => id);
  const parts = [...form.children];
  const titleOf = (part) => part.querySelector("h2").textContent;
  const spoken = root.appendChild(element("p", { className: "unseen", role: "status" }));
  const plural = new Intl.PluralRules(locale);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const months = Array.from({ length: 12 }, (_, month) => days.format(Date.UTC(2000, month)).split(/\s/)[1]);

  let example = null; // the example's answers while it is shown
  let aside = {}; // the reader's own meanwhile
  let sheet = "whole"; // the view to go back to from the summary
  let current = 0;
  let unsaved = false;

  const filled = (name, values) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const entered = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
  const own = () => (example ? aside : entered());
  const today = () => localDay(new Date());

  /** Says what was done beside the button that did it, below the sheet or above, and aloud. */
  const say = (text, place = 1) => all(".said").forEach((said, index) => { said.textContent = index === place ? text : ""; });
  const sayAbove = (text) => say(text, 0);

  /** As a person reads it: a day in words, an option by its label. */
  const readable = ({ options, kind }, value) => {
    if (options) return options.get(value);
    if (kind !== "date" || !isDay(value)) return value;
    const day = days.format(new Date(value));
    return language === "fr" ? day.replace(/^1 /, "1er ").replace(" ", "\u00a0") : day;
  };

  const fill = (answers) => {
    form.reset(); // puts "nobody" back
    for (const field of fields) {
      const { id, kind, options, controls } = field;
      for (const control of controls) {
        if (kind === "date") control.type = example ? "text" : "date"; // the example says "By Friday"
        if (!options) control.value = id in answers ? (example ? readable(field, answers[id]) : answers[id]) : "";
        else if (id in answers) control.checked = control.value === answers[id];
        control[options ? "disabled" : "readOnly"] = Boolean(example);
      }
    }
    refresh();
  };

  // -- Counters and advice: seen at once, heard only when there is news

  const count = (field, aloud) => {
    if (!field.counter) return;
    const left = field.limit - field.controls[0].value.length;
    const level = alarm(left, field.limit);
    field.counter.textContent = filled(plural.select(left), { n: left });
    field.counter.classList.toggle("low", level > 0);
    if (aloud && level > field.level) spoken.textContent = field.counter.textContent;
    field.level = level;
  };

  const adviceNow = () => (example ? [] : advise(entered(), ids, today()));
  const showAdvice = (aloud) => {
    const advice = adviceNow();
    const fresh = [];
    for (const field of fields) {
      const text = words[advice.find(({ id }) => id === field.id)?.name] ?? "";
      if (text && field.advice.textContent !== text) fresh.push(text);
      field.advice.textContent = text;
    }
    if (aloud && fresh.length) spoken.textContent = fresh.join(" ");
  };

  // Never between the press and the release of a pointer: what is being pressed would move away from under it.
  let pressed = false;
  for (const type of ["pointerdown", "pointerup", "pointercancel"]) {
    addEventListener(type, () => { pressed = type === "pointerdown"; }, true);
  }
  form.addEventListener("change", () => {
    if (pressed) addEventListener("pointerup", () => setTimeout(showAdvice, 0, true), { once: true });
    else showAdvice(true);
  });

  // -- The summary, on screen and on paper

  const entry = (field, value) => {
    const repeated = titleOf(field.part).slice(4) === field.label; // "Specific" under "S – Specific"
    const name = element("dt", { className: repeated ? "unseen" : "" }, field.label);
    return element("div", {}, name, element("dd", {}, readable(field, value)));
  };

  /** On paper, room to write what is only known later: the review. */
  const room = ({ label, options }) => {
    const boxes = [...(options?.values() ?? [])].map((option) => element("li", {}, option));
    const space = options ? element("ul", { className: "boxes" }, ...boxes) : element("p", { className: "lines" });
    return element("div", { className: "on-paper" }, element("p", {}, label), space);
  };

  const partOf = (part, answers) => {
    const content = element("div");
    let list;
    for (const field of fields.filter((each) => each.part === part && each.id !== "statement")) {
      if (field.id in answers) {
        if (list?.row !== field.row || content.lastChild !== list) {
          list = content.appendChild(element("dl", { className: field.row ? "side" : "" }));
          list.row = field.row;
        }
        list.append(entry(field, answers[field.id]));
      } else if (field.id.startsWith("review_")) content.append(room(field));
    }
    return content.firstChild ? [element("section", {}, element("h3", {}, titleOf(part)), content)] : [];
  };

  const summarise = () => {
    const answers = example ?? entered();
    const written = isWritten(answers);
    const advice = adviceNow();
    if (written && !answers.statement) advice.unshift({ id: "statement", name: "statement" });
    const items = advice.map(({ id, name }) => {
      const link = element("a", { href: `#${id}` }, fields.find((field) => field.id === id).label);
      link.addEventListener("click", (event) => { event.preventDefault(); goTo(id); });
      return element("li", {}, link, element("br", {}), words[name]);
    });
    const pieces = [element("h2", { tabIndex: -1 }, words.summary)];
    if (example) pieces.push(element("p", { className: "as-example" }, element("strong", {}, find("#fictitious").textContent)));
    if (!written) pieces.push(element("p", {}, words.nothing));
    if (items.length) pieces.push(element("section", { className: "again" }, element("h3", {}, words.again), element("ul", {}, ...items)));
    if (answers.statement) pieces.push(element("p", { className: "statement" }, answers.statement));
    if (written) pieces.push(...parts.flatMap((part) => partOf(part, answers)));
    handout.classList.toggle("written", written);
    handout.replaceChildren(...pieces);
  };

  // -- Views: the whole sheet, one part at a time, the summary

  const show = (view, part = current) => {
    current = part;
    if (view === "summary") summarise();
    else sheet = view;
    form.hidden = view === "summary";
    handout.hidden = !form.hidden;
    for (const pager of all(".pager")) pager.hidden = view !== "parts";
    parts.forEach((each, index) => { each.hidden = view === "parts" && index !== current; });
    select.selectedIndex = current;
    find("[data-do=previous]").hidden = current === 0;
    find("[data-do=next]").hidden = current === parts.length - 1;
    find("[data-do=summary]").hidden = form.hidden;
    for (const radio of all("[name=view]")) radio.checked = radio.value === view;
  };

  const goTo = (id) => {
    const { part, controls } = fields.find((field) => field.id === id);
    show(sheet, parts.indexOf(part));
    controls[0].focus();
  };
  const turn = (by) => {
    show("parts", current + by);
    parts[current].querySelector("h2").focus();
  };

  // -- Keeping

  const store = () => {
    if (!keep.checked) return;
    try {
      localStorage.setItem(KEY, write(own(), language, today()));
      unsaved = false;
    } catch {
      keep.checked = false;
      sayAbove(words.refused);
    }
  };

  /** The box says what is true, on arrival, on coming back to this page and when another tab has changed it. */
  const recall = () => {
    let kept = null;
    try {
      kept = localStorage.getItem(KEY);
      keep.checked = kept !== null;
      if (!keep.checked) return;
      const { answers } = read(kept, fields);
      if (example) aside = answers;
      else fill(answers);
      sayAbove(words.restored);
    } catch {
      if (kept !== null) sayAbove(words.spoilt);
    }
  };

  // -- Asking

  /** A question with two answers. The one that loses nothing comes first and has the focus; Escape means it too. */
  const ask = (name) => new Promise((resolve) => {
    const buttons = ["no", "yes"].map((value) => element("button", { type: "button", value }, words[`${name}-${value}`]));
    const question = element("p", { id: "question" }, words[name]);
    const dialog = root.appendChild(element("dialog", {}, question, element("p", { className: "buttons" }, ...buttons)));
    dialog.setAttribute("aria-labelledby", question.id);
    for (const button of buttons) button.addEventListener("click", () => dialog.close(button.value));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    dialog.showModal();
  });

  // -- Files

  const download = (text, type, ending) => {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    element("a", { href: address, download: `${words.file}-${today()}.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say(words.saved);
  };

  const asText = (answers) => {
    const lines = [title, "=".repeat(title.length)];
    for (const part of parts) {
      const answered = fields.filter((field) => field.part === part && field.id in answers);
      if (answered.length) lines.push("", "", titleOf(part), "-".repeat(titleOf(part).length));
      for (const field of answered) lines.push("", field.label, readable(field, answers[field.id]).replace(/^/gm, "    "));
    }
    return `${lines.join("\n")}\n`;
  };

  const open = async () => {
    const [chosen] = file.files;
    try {
      if (chosen.size > LARGEST) throw new Error("large");
      const { answers, cut, lost } = read(await chosen.text(), fields, months);
      if (isWritten(entered()) && !(await ask("replace"))) throw new Error("unchanged");
      fill(answers);
      unsaved = false;
      store();
      const shortened = cut.length ? filled("cut", { list: cut.map(({ label }) => label).join(", ") }) : "";
      const left = lost.length ? filled("lost", { n: lost.length }) : "";
      sayAbove(`${filled("opened", { n: Object.keys(answers).length })} ${shortened} ${left}`);
    } catch ({ message }) {
      sayAbove([...new Set([words[message] ?? words.broken, words.unchanged])].join(" "));
    }
    file.value = "";
  };

  // -- The example, never mixed with the reader's own answers

  const showExample = (saved) => {
    if (saved) {
      aside = entered();
      find("#fictitious").textContent = saved.note;
    }
    example = saved?.answers ?? null;
    root.classList.toggle("is-example", Boolean(example));
    for (const each of all(".own")) each.hidden = Boolean(example);
    find(".sheet-tools .as-example").hidden = !example;
    fill(example ?? aside);
    say("");
    find(`[data-do=${example ? "leave" : "example"}]`).focus();
  };

  // -- Buttons

  const actions = {
    open: () => file.click(),
    example: async () => {
      try {
        showExample(await (await fetch(root.dataset.example)).json());
      } catch {
        sayAbove(words.absent);
      }
    },
    leave: () => showExample(null),
    previous: () => turn(-1),
    next: () => turn(1),
    summary: () => { show("summary"); handout.firstChild.focus(); },
    print: async () => {
      const answers = example ?? entered();
      if (isWritten(answers) && !answers.statement && !(await ask("statement"))) goTo("statement");
      else window.print();
    },
    save: () => { download(write(entered(), language, today()), "application/json", "json"); unsaved = false; },
    text: () => { download(asText(entered()), "text/plain", "txt"); unsaved = false; },
    calendar: () => {
      const { review_date: day, title: goal } = entered();
      say(words.undated);
      if (!isDay(day)) return goTo("review_date");
      const now = new Date();
      const uid = `${now.getTime()}-${Math.random().toString(36).slice(2)}@${location.hostname}`;
      return download(calendar(day, goal ? `${words.event} – ${goal}` : words.event, { language, now, uid }), "text/calendar", "ics");
    },
    erase: async () => {
      if (!(await ask("erase"))) return;
      if (keep.checked) keep.click();
      fill({});
      unsaved = false;
      say(words.erased);
    },
  };

  function refresh() {
    for (const field of fields) count(field);
    showAdvice();
    summarise();
  }

  parts.forEach((part, index) => {
    part.querySelector("h2").tabIndex = -1;
    select.append(element("option", {}, `${index + 1}/${parts.length} ${titleOf(part)}`));
  });
  for (const button of all("[data-do]")) button.addEventListener("click", actions[button.dataset.do]);
  for (const radio of all("[name=view]")) radio.addEventListener("change", () => show(radio.value));
  select.addEventListener("change", () => show("parts", select.selectedIndex));
  file.addEventListener("change", open);
  keep.addEventListener("change", () => {
    sayAbove(words[keep.checked ? "kept" : "unkept"]);
    if (keep.checked) store();
    else localStorage.removeItem(KEY); // it could be ticked, so there is a store
    unsaved = !keep.checked;
  });
  form.addEventListener("input", ({ target }) => {
    count(fields.find(({ controls }) => controls.includes(target)), true);
    unsaved = true;
    store();
  });
  addEventListener("beforeprint", summarise);
  addEventListener("beforeunload", (event) => { if (unsaved && isWritten(own())) event.preventDefault(); });
  addEventListener("storage", ({ key }) => { if (key === KEY || key === null) recall(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) recall(); });

  for (const part of all(".sheet-tools, .sheet-finish")) part.hidden = false;
  refresh();
  show(sheet);
  recall();
}

start(document.getElementById("worksheet"));
