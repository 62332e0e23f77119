// The text of a page, edited where it is read. The server knows which lines each part came from (plugins/reader/blocks.py);
// here each part can be chosen, its lines stand in a native text field, and what the site makes of them below it.
import { Grid } from "./grid.js";
import { placed, plain, taken } from "./paste.js";
import { Pictures } from "./pictures.js";

const bar = document.querySelector(".desk-bar");
const said = document.getElementById("desk-said");
const button = document.getElementById("desk-edit");
const words = document.getElementById("desk-words").content;
const prose = () => document.querySelector("main .prose");
const sentence = (name, values = {}) =>
  words.querySelector(`[data-say="${name}"]`).textContent.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

let page; // what the server says of this page: its file, the digest of the version shown, its parts
let layer, tools, editor;
let turns = 0;
let known = Promise.resolve(); // until what was saved last is known here: nothing is opened before

// --- asking the server ------------------------------------------------------------------------------------------------

const json = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function ask(address, options) {
  const answer = await fetch(`/.preview/${address}`, options);
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

// A document: the page's policy lets no script make elements of a text.
function made(change) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/.preview/render");
    request.responseType = "document";
    request.setRequestHeader("Content-Type", "application/json");
    request.addEventListener("load", () => (request.status === 200 ? resolve(request.response) : reject(request.status)));
    request.addEventListener("error", reject);
    request.send(JSON.stringify(change));
  });
}

// Whether the page has to stay as it is: ../../preview/client/live.js brings it up to date otherwise.
function hold(still) {
  document.dispatchEvent(new CustomEvent("desk:editing", { detail: still }));
}

function tell(text, action, act) {
  said.textContent = text;
  also(action, act);
}

function also(action, act) {
  if (!action) return;
  const offered = document.createElement("button");
  offered.type = "button";
  offered.textContent = action;
  offered.addEventListener("click", act, { once: true });
  said.append(" ", offered);
}

// What was done, and a button that takes it back; also after the page is loaded again, as where it has other styles now.
// Where it parted two languages that agreed, one more button says that they still do.
function offer(name, undo, parted) {
  session("desk-said", JSON.stringify({ page: button.dataset.page, name, undo, parted }));
  const about = (address, answered) => async () => {
    hold(true); // a page that is loaded again loses the answer
    answered(await ask(address, json({ entry: undo })).catch(() => ({})));
    hold(!!editor);
  };
  tell(
    sentence(name),
    undo && sentence("undo"),
    about("history/put-back", ({ status, body }) => {
      if (status === 200) {
        offer("undone");
        document.dispatchEvent(new CustomEvent("desk:changed"));
      } else if (body?.place) location.assign(body.place); // others changed the same words since
      else tell(sentence("not-saved"));
    }),
  );
  also(
    parted && sentence("parted"),
    about("languages/agree", ({ status, body }) => {
      if (status === 200) offer("agreed", body.undo);
      else if (status) location.assign(`/.preview/languages?page=${button.dataset.page.replace(/^\w+\//, "")}`); // changed since
      else tell(sentence("not-saved"));
    }),
  );
}

// What this tab keeps, or is to keep, under a name; nothing in a browser that keeps nothing.
function session(name, value) {
  try {
    if (value === undefined) return sessionStorage.getItem(name);
    sessionStorage.setItem(name, value);
  } catch {
    /* the same */
  }
  return "";
}

// --- choosing a part --------------------------------------------------------------------------------------------------

// The elements of a part; nothing where the page is not what the server knows (it was saved elsewhere just now).
function elementsOf(block) {
  const all = [...prose().children].filter((element) => !element.matches(".desk-editor"));
  const notes = [...prose().querySelectorAll(":scope > .notes > ol > li")];
  return page.count === all.length ? [...block.elements.map((n) => all[n]), ...block.notes.map((n) => notes[n])] : [];
}

async function begin(line) {
  button.setAttribute("aria-pressed", "true");
  session("desk", button.dataset.page); // if it is loaded again, it is edited again
  const answer = await ask(`blocks?page=${button.dataset.page}`).catch(() => ({}));
  if (page || button.getAttribute("aria-pressed") !== "true") return; // begun, or ended, meanwhile
  if (answer.status === 422) {
    session("desk", "");
    return location.assign(`/.preview/text?page=${button.dataset.page}`); // it cannot be read
  }
  if (answer.status !== 200) {
    tell(sentence("not-saved"));
    return setTimeout(begin, 1000, line); // it starts again
  }
  page = answer.body;
  document.documentElement.classList.add("desk-edits");
  tools ??= words.querySelector(".desk-tools").cloneNode(true);
  bar.append(tools);
  if (!page.certain) tell(sentence("uncertain"));
  else if (said.textContent === sentence("not-saved")) tell("");
  pick();
  if (unsaved().length) return reopen(unsaved()[0]);
  const wanted = page.blocks.find((block) => block.first <= line && line <= block.last);
  if (wanted) open(wanted);
}

function reopen(one) {
  open(blockOf(one), one.act, one.seen);
}

function end() {
  editor?.close();
  session("desk", "");
  button.setAttribute("aria-pressed", "false");
  document.documentElement.classList.remove("desk-edits");
  layer?.remove();
  tools?.remove();
  layer = page = undefined;
  said.textContent = "";
}

// A real button over each part: the part itself stays what it is for those who hear it.
function pick() {
  layer?.remove();
  layer = document.createElement("div");
  layer.className = "desk-layer";
  layer.lang = bar.lang;
  // Where the page shown is not yet the one that the server knows, it is asked for again until it is.
  const stale = page.blocks.some((block) => !elementsOf(block).length);
  if (stale) setTimeout(() => document.dispatchEvent(new CustomEvent("desk:changed")), 1000);
  const shown = page.blocks.filter((block) => elementsOf(block).some((element) => element?.offsetHeight));
  for (const block of shown) {
    const [first] = elementsOf(block);
    const choose = document.createElement("button");
    choose.type = "button";
    const start = (first.textContent.trim() || first.querySelector("img")?.alt || "").slice(0, 40);
    choose.setAttribute("aria-label", sentence("edit", { kind: sentence(`kind-${block.kind}`), start }));
    const at = layer.childElementCount;
    choose.addEventListener("click", (event) => {
      const point = event.detail ? pointed(block, event) : undefined;
      known.then(() => open(layer.children[at]?.block ?? block, "replace", page.seen, point));
    });
    choose.block = block;
    layer.append(choose);
  }
  bar.after(layer);
  place();
}

// The word of the page that a click points at: how often it comes before in its part, and how far into it the click is.
function pointed(block, { clientX, clientY }) {
  layer.hidden = true;
  const at = document.caretPositionFromPoint?.(clientX, clientY);
  layer.hidden = false;
  const element = elementsOf(block).find((one) => one?.contains(at?.offsetNode));
  if (!element || at.offsetNode.nodeType !== Node.TEXT_NODE) return undefined;
  const range = document.createRange();
  range.setStartBefore(elementsOf(block)[0]);
  range.setEnd(at.offsetNode, at.offset);
  const before = range.toString();
  const head = /[\p{L}\p{N}]*$/u.exec(before)[0];
  const word = head + /^[\p{L}\p{N}]*/u.exec(at.offsetNode.data.slice(at.offset))[0];
  return word && { word, earlier: before.slice(0, before.length - head.length).split(word).length - 1, into: head.length };
}

function place() {
  if (!layer?.isConnected) return;
  const origin = layer.getBoundingClientRect();
  for (const choose of layer.children) {
    const boxes = elementsOf(choose.block).filter(Boolean).map((element) => element.getBoundingClientRect());
    const top = Math.min(...boxes.map((box) => box.top)) - origin.top;
    const left = Math.min(...boxes.map((box) => box.left)) - origin.left;
    choose.hidden = !boxes.length || boxes.every((box) => !box.height);
    choose.style.insetBlockStart = `${top}px`;
    choose.style.insetInlineStart = `${left}px`;
    choose.style.inlineSize = `${Math.max(...boxes.map((box) => box.right)) - origin.left - left}px`;
    choose.style.blockSize = `${Math.max(...boxes.map((box) => box.bottom)) - origin.top - top}px`;
  }
}

// --- what was typed and not saved ---------------------------------------------------------------------------------------

// Each under its part, which is found again by its text.
const shelf = () => `desk ${button.dataset.page} `;
const place_of = (block, act) => `${shelf()}${act === "below" ? "+" : ""}${block.kind} ${block.text}`;

function kept(block, act) {
  try {
    return JSON.parse(localStorage.getItem(place_of(block, act)))?.text ?? null;
  } catch {
    return null; // a browser that keeps nothing: the text is in the open page alone
  }
}

function keep(block, act, text, { seen } = page) {
  const { first, last, kind, text: was } = block;
  try {
    if (text === null) localStorage.removeItem(place_of(block, act));
    else localStorage.setItem(place_of(block, act), JSON.stringify({ text, act, seen, first, last, kind, was }));
  } catch {
    /* full, or not allowed: the same */
  }
}

function unsaved() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(shelf())).map((key) => JSON.parse(localStorage.getItem(key)));
  } catch {
    return [];
  }
}

// The part that a text was typed for. Where there is none such by now, it is shown at the nearest, and the server is asked
// with what it was made of: it answers with both versions.
function blockOf({ first, last, kind, was }) {
  const all = [...page.blocks, page.whole];
  const same = all.find((block) => block.kind === kind && block.text === was);
  if (same) return same;
  const near = kind === "whole" ? page.whole : page.blocks.toSorted((a, b) => Math.abs(a.first - first) - Math.abs(b.first - first))[0];
  return { ...(near ?? page.whole), first, last, kind, text: was };
}

// --- the editor -------------------------------------------------------------------------------------------------------

const SIGNS = /^((?:#{2,6} +)?)([^]*?)((?:\s*\{:[^}]*\})?)$/;

class Editor {
  constructor(block, act, seen = page.seen) {
    this.block = block;
    this.act = act;
    this.seen = seen;
    this.form = words.querySelector(".desk-editor").cloneNode(true);
    this.form.lang = bar.lang;
    this.field = this.form.elements.text;
    this.field.lang = document.documentElement.lang;
    this.field.spellcheck = true;
    this.shown = this.form.querySelector(".desk-shown");
    this.shown.lang = this.field.lang;
    this.wrong = this.form.querySelector(".desk-wrong");
    this.form.querySelector(".desk-name").textContent = sentence(`kind-${act === "below" ? "new" : block.kind}`);
    // Signs at both ends that say what the part is, and stay: those of a heading, and marks such as {: #name }.
    const [, start, middle, end] = SIGNS.exec(act === "below" ? "" : block.text) ?? [];
    const plain = ["heading", "paragraph"].includes(block.kind) && act !== "below" && middle;
    [this.start, this.end] = plain ? [start, end] : ["", ""];
    this.before = act === "below" ? "" : plain ? middle : block.text;
    const typed = kept(block, act);
    this.field.value = typed ?? this.before;
    if (typed !== null) tell(sentence("kept"));
    this.form.classList.toggle("desk-whole", block.kind === "whole");
    const fixed = act === "below" || ["whole", "note"].includes(block.kind);
    for (const name of ["below", "up", "down", "delete"]) this.form.querySelector(`[data-do="${name}"]`).hidden = fixed;
    this.form.querySelector('[data-do="heading"]').hidden = block.kind === "heading" && !fixed;
    if (block.kind === "table" && act !== "below") this.grid = Grid.over(this.field, this.form.querySelector(".desk-grid"), sentence);
    this.form.querySelector('[data-do="picture"]').hidden = block.kind === "heading" && !fixed;
    this.pictures = new Pictures(this.form, {
      put: (image, again) => this.picture(image, again),
      link: ({ name, address }) => this.around("[", `](${address})`, name),
      text: () => this.field.value,
    });
    if (this.grid) for (const name of ["heading", "list", "note", "box", "table"]) this.form.querySelector(`[data-do="${name}"]`).hidden = true;
    this.form.addEventListener("focusin", ({ target }) => (this.cell = target.matches(".desk-grid textarea") ? target : this.cell));
    this.form.addEventListener("click", (event) => this.pressed(event));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("paste", (event) => this.pasted(event));
    this.field.addEventListener("input", () => this.typed());
    this.shown.addEventListener("click", (event) => event.preventDefault()); // its links lead away from what is typed
  }

  open(point) {
    this.hidden = this.act === "below" ? [] : this.block.kind === "whole" ? [...prose().children] : elementsOf(this.block);
    const at = elementsOf(this.block);
    if (this.block.kind === "whole") prose().prepend(this.form);
    else if (this.block.kind === "note") prose().append(this.form);
    else if (this.act === "below") at.at(-1).after(this.form);
    else at[0].before(this.form);
    for (const element of this.hidden) if (element !== this.form) element.hidden = true;
    layer.hidden = true;
    hold(true);
    this.fit();
    this.render();
    const first = this.grid ? this.form.querySelector(".desk-grid textarea") : this.field;
    first.focus();
    const end = this.block.kind === "whole" ? 0 : (this.find(point) ?? this.field.value.length);
    if (!this.grid) this.field.setSelectionRange(end, end);
    if (!end) this.field.scrollTop = 0;
  }

  // The place in the field of what was pointed at on the page.
  find(point) {
    let at = -1;
    for (let n = 0; point && n <= point.earlier; n += 1) at = this.field.value.indexOf(point.word, at + 1);
    return at < 0 ? undefined : at + point.into;
  }

  // What was typed is kept, and shown again when the part is opened.
  close() {
    this.form.remove();
    for (const element of this.hidden) element.hidden = false;
    editor = undefined;
    if (layer) layer.hidden = false;
    hold(false);
    place();
    layer?.children[[...layer.children].findIndex((choose) => choose.block.first >= this.block.first)]?.focus();
  }

  get changed() {
    return this.field.value !== this.before;
  }

  change(act = this.act) {
    const { first, last, text: was } = this.block;
    const { value } = this.field;
    const head = /^[^]*?(?=\n\s*\n|$)/.exec(value)[0]; // where there are several parts by now, the signs are of the first
    const text = this.start + head + this.end + value.slice(head.length);
    return { file: page.file, seen: this.seen, first, last, was, act, text };
  }

  typed() {
    keep(this.block, this.act, this.changed ? this.field.value : null);
    this.fit();
    this.render();
  }

  fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.blockSize = "auto";
    this.field.style.blockSize = `${this.field.scrollHeight + 4}px`;
  }

  // One question at a time; what was typed meanwhile is asked next.
  async render() {
    if (this.asking) return (this.again = true);
    this.asking = true;
    try {
      const page = await made(this.change());
      this.shown.replaceChildren(...[...page.getElementById("made").childNodes].map((node) => document.adoptNode(node)));
      this.wrong.replaceChildren(...[...page.getElementById("wrong").children].map((node) => document.adoptNode(node)));
    } catch {
      /* the server starts again: the next letter asks again */
    }
    this.asking = false;
    if (this.again) {
      this.again = false;
      this.render();
    }
  }

  key(event) {
    if (event.key.toLowerCase() === "v") this.plainly = event.shiftKey;
    if (event.key === "Escape") this.cancel();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.save();
    const sign = { b: "strong", i: "emphasis", k: "link", s: "save" }[(event.ctrlKey || event.metaKey) && event.key.toLowerCase()];
    if (sign) {
      event.preventDefault();
      this.press(sign);
    }
  }

  pressed(event) {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) this.press(name);
  }

  press(name) {
    const named = { save: () => this.save(), cancel: () => this.cancel(), below: () => this.below() };
    if (named[name]) return named[name]();
    if (["up", "down", "delete"].includes(name)) return this.save(name);
    if (name === "mine" || name === "theirs") return this.settle(name);
    return this.sign(name);
  }

  // Given up, and still to be had: a key is soon pressed.
  cancel() {
    const { block, act, seen, changed } = this;
    const text = this.field.value;
    keep(block, act, null);
    this.close();
    if (!changed) return;
    tell(sentence("given-up"), sentence("undo"), () => {
      keep(block, act, text, { seen });
      if (page) reopen({ ...block, was: block.text, act, seen });
      else begin();
    });
  }

  below() {
    this.close();
    open(this.block, "below");
  }

  async save(act = this.act) {
    if (act === "replace" && !this.changed) return this.cancel();
    const answer = await ask("save", json(this.change(act))).catch(() => ({}));
    if (answer.status === 200) return this.saved(answer.body, act);
    if (answer.status === 409) return this.other(answer.body, act);
    const wrong = answer.body?.wrong ?? [sentence("not-saved")];
    this.list(this.wrong, wrong);
  }

  saved({ undo, parted }, act) {
    keep(this.block, this.act, null);
    const made = [...this.shown.childNodes];
    const isNew = ["replace", "below"].includes(act) && this.block.kind !== "note"; // until it is built, this is shown
    if (isNew) this.form.after(...made);
    if (isNew || act === "delete") for (const element of this.hidden) element.remove();
    this.hidden = this.hidden.filter((element) => element.isConnected);
    this.close();
    offer(act === "delete" ? "sure-delete" : "saved", undo, parted);
    known = refresh();
  }

  // The same part was changed elsewhere meanwhile: both versions are shown, and neither is lost.
  other(theirs, act) {
    this.theirs = theirs;
    this.wanted = act;
    const box = this.form.querySelector(".desk-other");
    box.hidden = false;
    box.querySelector("pre").textContent = theirs.text;
    box.querySelector("button").focus();
  }

  settle(whose) {
    this.seen = this.theirs.seen;
    keep(this.block, this.act, null);
    const { first, last, text } = this.theirs;
    this.form.querySelector(".desk-other").hidden = true;
    if (whose === "mine") {
      Object.assign(this.block, { first, last, text });
      keep(this.block, this.act, this.field.value);
      return this.save(this.wanted);
    }
    this.close();
    refresh();
  }

  // --- signs: written by the browser itself, so that its own undo takes them back -------------------------------------

  // The field that signs are written into: of a table, its cell.
  get target() {
    return this.grid ? (this.cell ?? this.form.querySelector(".desk-grid textarea")) : this.field;
  }

  write(text, from = this.target.selectionStart, to = this.target.selectionEnd) {
    const { target } = this;
    target.focus();
    target.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      target.setRangeText(text, from, to, "end");
      target.dispatchEvent(new Event("input"));
    }
  }

  // A rich clipboard is asked for at the server, and put in here; plain words are the browser's own, but for odd signs.
  async pasted(event) {
    const { clipboardData: data, target } = event;
    const [html, text] = ["text/html", "text/plain"].map((kind) => data.getData(kind));
    const isPlain = this.plainly || target !== this.field || !html;
    this.plainly = false;
    if (target.localName !== "textarea" || (isPlain && plain(text) === text)) return;
    event.preventDefault();
    if (isPlain) return this.write(plain(text));
    const made = await taken(html, text, this.place());
    if (!this.form.isConnected) return; // given up meanwhile: nothing else may get the words
    const { value, selectionStart, selectionEnd } = this.field;
    const { put, from, to, caret } = placed(made, value, selectionStart, selectionEnd);
    this.write(put, from, to);
    this.field.setSelectionRange(caret, caret);
    this.list(this.form.querySelector(".desk-told"), [...made.told, ...(made.failed ? [sentence("pasted-plain")] : [])]);
  }

  // Where the cursor is in the page: the page, the text above, the text below.
  place() {
    const { text } = page.whole;
    const { value, selectionStart, selectionEnd } = this.field;
    const own = this.block.kind === "whole" ? text : this.block.text;
    const at = Math.max(text.indexOf(own), 0) + (this.act === "below" ? own.length : 0);
    const above = text.slice(0, at) + this.start + value.slice(0, selectionStart);
    return { page: page.file, above: this.block.kind === "whole" ? value.slice(0, selectionStart) : above, below: value.slice(selectionEnd) + text.slice(at) };
  }

  list(place, sentences) {
    place.replaceChildren(...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  around(before, after, instead = sentence("here")) {
    const { selectionStart: from, selectionEnd: to, value } = this.target;
    const chosen = value.slice(from, to) || instead;
    this.write(before + chosen + after, from, to);
    this.target.setSelectionRange(from + before.length, from + before.length + chosen.length);
  }

  lines(each) {
    const { selectionStart, selectionEnd, value } = this.field;
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionEnd);
    const to = end < 0 ? value.length : end;
    this.write(value.slice(from, to).split("\n").map(each).join("\n"), from, to);
  }

  sign(name) {
    const here = sentence("here");
    const signs = {
      strong: () => this.around("**", "**"),
      emphasis: () => this.around("*", "*"),
      heading: () => this.lines((line) => (line.startsWith("## ") ? line.slice(3) : `## ${line}`)),
      list: () => this.lines((line) => (line.startsWith("- ") ? line.slice(2) : `- ${line}`)),
      box: () => this.lines((line, n) => `${n ? "" : `!!! note "${sentence("box-title")}"\n\n`}    ${line}`),
      table: () => this.write(`\n\n| ${here} | ${here} |\n|---|---|\n| ${here} | ${here} |`),
      note: () => this.note(),
      picture: () => this.pictures.toggle(),
      pictured: () => this.pictures.insert(),
      link: () => this.link(),
      linked: () => this.linked(),
    };
    signs[name]?.();
  }

  note() {
    const used = `${page.whole.text}\n${this.field.value}`;
    let number = 1;
    while (used.includes(`[^${number}]`)) number += 1;
    const { selectionEnd: at, value } = this.field;
    this.write(`[^${number}]${value.slice(at).trimEnd()}\n\n[^${number}]: ${sentence("note-here")}`, at, value.length);
    const end = this.field.value.length;
    this.field.setSelectionRange(end - sentence("note-here").length, end);
  }

  // A picture is a paragraph of its own, after the one that is typed in; in the place of the one that is there, if it is one.
  picture(image, again) {
    const { value, selectionEnd } = this.target;
    if (again) {
      this.end = ""; // of the one before
      this.write(image, 0, value.length);
    } else if (this.grid) this.write(image);
    else {
      const end = value.indexOf("\n\n", selectionEnd);
      const at = end < 0 ? value.length : end;
      const mark = at === value.length ? this.end : ""; // such as {: #name }, which stays with its own paragraph
      if (mark) this.end = "";
      this.write(`${mark}${value.slice(0, at).trim() ? "\n\n" : ""}${image}`, at, at);
    }
  }

  link() {
    const box = this.form.querySelector(".desk-link");
    const { page: list, file, address } = this.form.elements;
    if (list.length === 1) list.append(...page.pages.map(({ title, link }) => new Option(title, link)));
    if (file.length === 1) file.append(...page.files.map(({ title, link }) => new Option(title, link)));
    file.parentElement.hidden = file.length === 1;
    box.hidden = !box.hidden;
    list.value = file.value = address.value = "";
    if (!box.hidden) list.focus();
  }

  linked() {
    const { page: list, file, address } = this.form.elements;
    const to = list.value || file.value || address.value.trim();
    this.form.querySelector(".desk-link").hidden = true;
    if (to) this.around("[", `](${to})`);
  }
}

function open(block, act = "replace", seen = page.seen, point = undefined) {
  editor?.close();
  if (block.kind !== "whole" && !elementsOf(block).length) return;
  editor = new Editor(block, act, seen);
  editor.open(point);
}

// The parts as they are now; after a save elsewhere, too.
async function refresh() {
  if (!page || editor) return;
  const turn = (turns += 1);
  const answer = await ask(`blocks?page=${button.dataset.page}`).catch(() => ({}));
  if (answer.status !== 200 || editor || !page || turn !== turns) return; // a later answer may have come before
  page = answer.body;
  const at = [...(layer?.children ?? [])].indexOf(document.activeElement);
  pick();
  layer.children[at]?.focus();
}

bar.addEventListener("click", (event) => {
  if (event.target === button) button.getAttribute("aria-pressed") === "true" ? end() : begin();
  if (event.target.dataset.do === "whole") known.then(() => open(page.whole));
});
document.addEventListener("preview:updated", refresh);
new ResizeObserver(place).observe(document.body);
addEventListener("beforeunload", (event) => {
  if (editor?.changed && kept(editor.block, editor.act) === null) event.preventDefault(); // this browser keeps nothing
});
button.disabled = false; // a click before was one on nothing
const asked = /^#desk:(\d+)$/.exec(location.hash);
const before = JSON.parse(session("desk-said") || "{}");
const changed = /^#desk-(saved|parted):([\w-]+)$/.exec(location.hash); // from the page's settings
if (changed) history.replaceState(null, "", location.pathname);
if (changed) offer("saved", changed[2], changed[1] === "parted");
else if (before.page === button.dataset.page) offer(before.name, before.undo, before.parted);
if (before.name === "undone") session("desk-said", ""); // once, after the page that had other styles is loaded again
if (asked || session("desk") === button.dataset.page || unsaved().length) begin(Number(asked?.[1]));
