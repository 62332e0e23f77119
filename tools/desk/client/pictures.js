// A picture in the text that is edited: one of those that there are, or a new one that is chosen, dropped or pasted.
import { upload } from "./upload.js";

// As the site writes one: [![what it shows](address){: .decoration }](where it leads)
const WRITTEN = /^\s*(\[)?!\[([^\]]*)\]\(([^)\s]+)\)(?:\{:[^}]*\})?(?:\]\(([^)\s]*)\))?\s*$/;

export class Pictures {
  // `put` writes a picture into the text, `link` a link to a file that is none.
  constructor(form, { put, link, text }) {
    Object.assign(this, { form, put, link, text });
    this.box = form.querySelector(".desk-picture");
    this.said = this.box.querySelector(".desk-arriving");
    this.choices = this.box.querySelector(".desk-choices");
    this.box.addEventListener("change", ({ target }) => this.changed(target));
    form.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    form.addEventListener("drop", (event) => this.arrived(event, event.dataTransfer));
    form.addEventListener("paste", (event) => this.arrived(event, event.clipboardData));
  }

  get fields() {
    return this.form.elements;
  }

  // What it shows, in the language of the page.
  get own() {
    return this.fields[document.documentElement.lang];
  }

  get chosen() {
    const path = this.choices.querySelector(":checked")?.value;
    return this.all?.find((one) => one.path === path);
  }

  // A program that puts words on the clipboard adds a picture of them.
  arrived(event, data) {
    if (!data?.files.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing else of the editor has to make words of it
    this.take([...data.files]);
  }

  async toggle() {
    this.box.hidden = !this.box.hidden;
    if (this.box.hidden) return;
    const found = WRITTEN.exec(this.text());
    await this.list(found?.[3]);
    this.fields.leads.value = found?.[4] ?? "";
    if (found && this.chosen) this.own.value = found[2];
    (this.choices.querySelector(":checked") ?? this.choices.querySelector("input") ?? this.fields.arriving).focus();
  }

  // Those that there are; the one at `address` is chosen. Until they have come, nothing is: it would be taken back.
  async list(address) {
    this.box.disabled = true;
    const answer = await fetch("/.preview/pictures", { headers: { Accept: "application/json" } }).catch(() => null);
    this.all = answer?.ok ? (await answer.json()).filter((one) => one.picture) : [];
    this.said.textContent = answer?.ok ? "" : this.box.dataset.failed;
    this.choices.replaceChildren(...this.all.map((one) => choice(one, one.address === address)));
    this.changed(this.choices.querySelector(":checked"));
    this.box.disabled = false;
  }

  changed(target) {
    if (target?.name === "arriving" && target.files.length) this.take([...target.files]);
    if (target?.name === "picture") {
      const { alt, decoration } = this.chosen;
      for (const name of ["en", "fr"]) this.fields[name].value = alt[name];
      this.fields.decoration.checked = decoration;
    }
    for (const name of ["en", "fr"]) this.fields[name].disabled = this.fields.decoration.checked;
  }

  // Each is kept; of several pictures the last is asked about, the others are the next to choose from.
  async take(files) {
    this.box.hidden = false;
    this.box.disabled = true; // what is typed now would be about another picture
    const wrong = [];
    let picture, link;
    for (const file of files) {
      this.said.textContent = `${file.name}: ${this.box.dataset.busy}`;
      const answer = await upload(file, this.box.dataset);
      if (answer.wrong) wrong.push(`${file.name}: ${answer.wrong.join(" ")}`);
      else if (answer.picture) picture = answer;
      else link = answer;
    }
    this.fields.arriving.value = "";
    await this.list(picture?.address);
    this.box.hidden = !picture && !wrong.length;
    if (link) this.link(link);
    if (wrong.length) this.refuse(wrong.join(" "), this.fields.arriving);
    else if (picture) (this.chosen?.decoration ? this.fields.leads : this.own).focus();
  }

  // What it shows is kept for both languages; the page gets its own.
  async insert() {
    const { en, fr, decoration, leads } = this.fields;
    const { none, silent, failed, leads: leading } = this.box.dataset;
    const to = address(leads.value.trim());
    if (!this.chosen) return this.refuse(none, this.fields.arriving);
    if (decoration.checked && to) return this.refuse(leading, leads);
    if (!decoration.checked && !this.own.value.trim()) return this.refuse(silent, this.own);
    const form = new FormData();
    for (const [name, value] of Object.entries({ path: this.chosen.path, en: en.value, fr: fr.value })) form.append(name, value);
    if (decoration.checked) form.append("decoration", "yes");
    const answer = await fetch("/.preview/pictures/describe", { method: "POST", body: form, headers: { Accept: "application/json" } }).catch(() => null);
    const kept = await answer?.json().catch(() => null);
    if (!kept?.path) return this.refuse(kept?.wrong?.join(" ") ?? failed, this.fields.en);
    this.box.hidden = true;
    const image = `![${kept.alt[document.documentElement.lang]}](${kept.address})${kept.decoration ? "{: .decoration }" : ""}`;
    return this.put(to ? `[${image}](${to})` : image, WRITTEN.test(this.text()));
  }

  refuse(why, field) {
    this.said.textContent = why;
    field.focus();
  }
}

// As it can stand in a page: whole, and without the signs that would end it there.
function address(typed) {
  const whole = /^([a-z]+:|$)/i.test(typed) ? typed : `https://${typed}`;
  return whole.replace(/[\s()<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

function choice({ path, name, small }, checked) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "picture", value: path, checked });
  const image = Object.assign(document.createElement("img"), { src: small, alt: "", loading: "lazy" });
  label.append(input, image, Object.assign(document.createElement("span"), { textContent: name }));
  return label;
}
