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

/** What the fields can hold of `values`: {answers, long: fields over their limit, lost: names that do not fit}. */
export function fit(values, fields) {
  const answers = {};
  const long = [];
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
    if (field.limit && value.length > field.limit) long.push(field);
    if (value.trim()) answers[id] = value;
    return false;
  });
  return { answers, long, lost };
}

/** The answers as the text of a file. */
export const write = (answers, language, saved) =>
  JSON.stringify({ format: KEY, version: VERSION, language, saved, answers }, null, 2) + "\n";

/** The text in the bytes of a file, also of one that an older editor has written. */
export function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(new Uint8Array(bytes)[0] === 0xff ? "utf-16le" : "windows-1252").decode(bytes);
  }
}

/** The opposite of `write`, for whatever a file may hold. Throws an Error whose message is the name of the reason. */
export function read(text, fields) {
  let file;
  try {
    file = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Error("broken");
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

/** Counted down aloud only near the end: how many of these marks have been passed. */
export const alarm = (left, limit) => [Math.round(limit / 5), 10, 0, -1].filter((mark) => left <= mark).length;

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
    const [{ name: id, dataset: { limit = 0 } }] = controls;
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
      limit: Number(limit),
      options: group ? new Map(controls.map((control) => [control.value, control.parentElement.textContent.trim()])) : null,
      controls,
      part: box.closest("form > fieldset"),
      row: box.closest(".row"),
      advice: add("advice"),
      counter: limit ? add("counter") : null,
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
  const daysIn = (name) => new Intl.DateTimeFormat(name, { dateStyle: "long", timeZone: "UTC" });
  const monthsIn = (name) => Array.from({ length: 12 }, (_, month) => daysIn(name).format(Date.UTC(2000, month)).split(/\s/)[1]);
  const days = daysIn(locale);
  const months = monthsIn(locale);
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });

  let example = null; // the example's answers while it is shown
  let aside = {}; // the reader's own meanwhile
  let sheet = "whole"; // the view to go back to from the summary
  let current = 0;
  let unsaved = false;
  let rest = {}; // what a kept sheet holds besides, for which there is no field here

  const filled = (name, values) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const entered = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
  const own = () => (example ? aside : entered());
  const today = () => localDay(new Date());
  const asFile = (saved = today()) => write({ ...rest, ...own() }, language, saved);
  const mine = () => fit(own(), fields).answers;
  const same = (...sheets) => new Set(sheets.map((answers) => JSON.stringify(Object.entries(answers).sort()))).size === 1;

  /** Says what was done beside the button that did it, above the sheet, below it or in a question, and aloud. */
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

  /** Replaces the reader's own answers, also while the example is shown. `others` are values without a field here. */
  const place = (answers, others = {}) => {
    rest = others;
    if (example) aside = answers;
    else fill(answers);
  };

  // -- Counters and advice: seen at once, heard only when there is news

  const count = (field, aloud) => {
    if (!field.counter) return;
    const left = field.limit - field.controls[0].value.length;
    const level = alarm(left, field.limit);
    field.counter.textContent = left < 0 ? filled("over", { n: -left }) : filled(plural.select(left), { n: left });
    field.counter.classList.toggle("low", level > 0);
    field.counter.classList.toggle("over", left < 0);
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
      const onclick = (event) => { event.preventDefault(); goTo(id); };
      const link = element("a", { href: `#${id}`, onclick }, fields.find((field) => field.id === id).label);
      return element("li", {}, link, element("br"), words[name]);
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

  // -- Asking

  /** A question. The first answer loses nothing and has the focus; Escape means it too. `saves` are files to save first. */
  const ask = (text, answers, saves) => new Promise((resolve) => {
    const row = (acts) => element("p", { className: "buttons" },
      ...acts.map(([label, onclick]) => element("button", { type: "button", onclick }, label)));
    const question = element("p", { id: "question" }, text);
    const dialog = root.appendChild(element("dialog", {}, question, row(answers.map(([name, label]) => [label, () => dialog.close(name)]))));
    if (saves) dialog.append(row(saves), element("p", { className: "said", role: "status" }));
    dialog.setAttribute("aria-labelledby", question.id);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue);
      dialog.remove();
      setTimeout(sync); // for what another tab did meanwhile
    });
    dialog.showModal();
  });

  const agree = async (name) =>
    (await ask(words[name], ["no", "yes"].map((answer) => [answer, words[`${name}-${answer}`]]))) === "yes";

  // -- Keeping: one entry on the device for all tabs. It is replaced by a tab that has seen it, or after a question.

  let looked = null; // the entry when this tab last looked
  let seen = null; // the entry that last was what stands here
  let behind = false; // it could not be replaced: there is no room
  let deciding = false; // which of two is to stay is being asked
  let later = false; // it was, and put off

  const load = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  const keptOn = (entry) => {
    try {
      const { saved } = JSON.parse(entry);
      return (isDay(saved) ? days : moments).format(new Date(saved));
    } catch {
      return "?";
    }
  };

  /** The box says what is true: ticked, what stands here is kept; half ticked, something else is. */
  const mark = () => {
    const entry = load();
    keep.checked = entry !== null && entry === seen && !behind;
    keep.indeterminate = entry !== null && !keep.checked;
  };

  const settle = (entry) => {
    looked = seen = entry;
    behind = later = false;
    mark();
  };

  /** Replaces the entry. Whoever calls has seen it, or has asked. */
  const put = (news) => {
    const text = asFile(new Date().toISOString());
    const late = behind;
    try {
      localStorage.setItem(KEY, text);
      unsaved = false;
      settle(text);
      if (news || late) sayAbove(words.kept);
    } catch {
      behind = load() !== null;
      mark();
      if (news || !late) sayAbove(filled(behind ? "full" : "refused", { day: keptOn(load()) }));
    }
  };

  const remove = () => {
    try {
      localStorage.removeItem(KEY);
    } catch { /* there is no store */ }
    settle(null);
  };

  const notes = ({ long, lost }) =>
    (long.length ? ` ${filled("long", { list: long.map(({ label }) => label).join(", ") })}` : "") +
    (lost.length ? ` ${filled("lost", { n: lost.length })}` : "");

  const take = (entry) => {
    const found = read(entry, fields);
    const { answers } = JSON.parse(entry);
    const others = Object.fromEntries(found.lost.map((id) => [id, answers[id]]));
    if (same(found.answers, mine())) rest = others;
    else place(found.answers, others);
    settle(entry);
    unsaved = false;
    sayAbove(words.restored + notes(found));
  };

  /** Why an entry cannot be shown here; nothing if it can. */
  const refusal = (entry) => {
    try {
      read(entry, fields);
      return "";
    } catch ({ message }) {
      return message === "newer" ? `${words.spoilt} ${words.newer}` : words.spoilt;
    }
  };

  const decide = async () => {
    if (find("dialog")) return;
    const refused = refusal(load());
    const state = refused || filled(behind ? "full" : "apart", { day: keptOn(load()) });
    const answers = ["later", "mine", ...(refused ? [] : ["theirs"])].map((name) => [name, words[name]]);
    const save = (text) => download(text, "application/json", "json", 2);
    deciding = true;
    const answer = await ask(`${state} ${words.which}`, answers, [
      [words["save-mine"], () => save(asFile())],
      [words["save-other"], () => save(load())],
    ]);
    deciding = false;
    later = load() !== seen;
    if (answer === "mine") put(true);
    else if (answer === "theirs") take(load());
    else if (later) sayAbove(state);
  };

  /** Makes what stands here and what is kept one, where that loses nothing, and else asks. Whether they are one. */
  const sync = () => {
    const entry = load();
    const gone = entry === null && looked !== null;
    looked = entry;
    if (gone) {
      unsaved ||= seen !== null;
      settle(null);
      sayAbove(words.unkept);
    } else if (entry !== seen) {
      const refused = refusal(entry);
      const written = isWritten(own());
      const agrees = (text) => text !== null && same(mine(), read(text, fields).answers);
      unsaved ||= seen !== null;
      if (!refused && (!written || agrees(seen) || agrees(entry))) take(entry);
      else if (!written) sayAbove(refused);
      else if (!later) decide();
    }
    mark();
    if (deciding && load() === seen && !behind) find("dialog").close();
    return load() === seen;
  };

  const keeping = () => keep.checked || behind;
  const keepUp = () => { if (keeping() && sync() && keeping()) put(); };

  // -- Files

  const download = (text, type, ending, place) => {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    element("a", { href: address, download: `${words.file}-${today()}.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say(words.saved, place);
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

  const absent = () => { throw new Error("absent"); };
  const sample = () => fetch(root.dataset.example).then((answer) => answer.json()).catch(absent);

  let again = ""; // a browser may remember that an address has failed
  const files = () => import(root.dataset.files + again).catch(() => absent((again = `?${Date.now()}`)));

  /** What a saved file holds; a text is read by its labels, first in this language, then in the others as well. */
  const understood = async (content) => {
    if (content.trimStart().startsWith("{")) return read(content, fields);
    const { readText } = await files();
    let found = readText(content, fields, months);
    if (found.astray.length) {
      const { others } = await sample();
      const forms = others.flatMap((form) => form.fields);
      found = readText(content, [...forms, ...fields], [...others.flatMap(({ locale: name }) => monthsIn(name)), ...months]);
    }
    if (!Object.keys(found.values).length) throw new Error("broken");
    const { answers, long, lost } = fit(found.values, fields);
    return { answers, long, lost: [...found.astray, ...lost] };
  };

  const open = async () => {
    const [chosen] = file.files;
    try {
      if (chosen.size > LARGEST) throw new Error(/\.(json|txt)$/i.test(chosen.name) ? "large" : "broken");
      const found = await understood(decode(await chosen.arrayBuffer()));
      if (isWritten(own()) && !(await agree("replace"))) throw new Error("unchanged");
      place(found.answers);
      unsaved = false;
      sayAbove(filled("opened", { n: Object.keys(found.answers).length }) + notes(found));
      keepUp();
    } catch ({ message }) {
      sayAbove([...new Set([words[message] ?? words.broken, words.unchanged])].join(" "));
    }
    file.value = "";
  };

  // -- The example, never mixed with the reader's own answers

  const showExample = (saved) => {
    if (saved && example) return; // asked for twice
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
    example: () => sample().then(showExample, () => sayAbove(words.absent)),
    leave: () => showExample(null),
    previous: () => turn(-1),
    next: () => turn(1),
    summary: () => { show("summary"); handout.firstChild.focus(); },
    print: async () => {
      const answers = example ?? entered();
      if (isWritten(answers) && !answers.statement && !(await agree("statement"))) goTo("statement");
      else window.print();
    },
    save: () => { download(asFile(), "application/json", "json"); unsaved = false; },
    text: () => { download(asText(entered()), "text/plain", "txt"); unsaved = false; },
    calendar: () => {
      const { review_date: day, title: goal } = entered();
      say(words.undated);
      if (!isDay(day)) { goTo("review_date"); return; }
      const now = new Date();
      const uid = `${now.getTime()}-${Math.random().toString(36).slice(2)}@${location.hostname}`;
      const event = goal ? `${words.event} – ${goal}` : words.event;
      files().then(({ calendar }) => download(calendar(day, event, { language, now, uid }), "text/calendar", "ics"), () => say(words.absent));
    },
    erase: async () => {
      if (!(await agree("erase"))) return;
      remove();
      place({});
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
    const wanted = keep.checked;
    later = false;
    if (!sync()) decide();
    else if (!wanted) {
      remove();
      unsaved = true;
      sayAbove(words.unkept);
    } else if (load() === null || behind) {
      put(true);
      if (behind) decide();
    }
  });
  form.addEventListener("input", ({ target }) => {
    count(fields.find(({ controls }) => controls.includes(target)), true);
    unsaved = true;
    keepUp();
  });
  addEventListener("beforeprint", summarise);
  addEventListener("beforeunload", (event) => { if (unsaved && isWritten(own())) event.preventDefault(); });
  addEventListener("storage", ({ key }) => { if (key === KEY || key === null) sync(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) sync(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); }); // a frozen tab hears of nothing

  for (const part of all(".sheet-tools, .sheet-finish")) part.hidden = false;
  refresh();
  show(sheet);
  sync();
}

start(document.getElementById("worksheet"));
