// Saves each fact as it is left, and shows the page that comes back without touching what is being typed.
import { upload } from "./upload.js";

const status = document.getElementById("saving");
const form = document.getElementById("facts");
let queue = Promise.resolve();

const controls = (field) => [...field.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")];
const valueOf = (control) => (/radio|checkbox/.test(control.type) ? control.checked : control.value);
const before = (control) => {
  if (/radio|checkbox/.test(control.type)) return control.defaultChecked;
  if (control.tagName !== "SELECT") return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).value;
};
const typed = (field) => JSON.stringify(controls(field).map((control) => [control.name, valueOf(control)]));
const isEdited = (field) => controls(field).some((control) => valueOf(control) !== before(control));
const facts = () => [...form.querySelectorAll(".field[id]")];
const seen = (field) => field.querySelector(":scope > input[type=hidden]");

// What is still being typed is left out: it is no answer yet.
function send(left, submitter) {
  queue = queue.then(() => post(left, submitter));
}

function post(left, submitter) {
  const busy = submitter ? null : document.activeElement?.closest(".field[id]");
  const data = new URLSearchParams(new FormData(form));
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const sent = new Map(facts().map((field) => [field.id, typed(field)]));
  if (busy && busy.id !== left) {
    data.delete(`seen:${busy.id}`);
    sent.delete(busy.id);
  }
  status.textContent = status.dataset.saving;
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.onloadend = () => {
      const page = request.response;
      const isForm = page?.getElementById("facts");
      if (isForm) show(page, sent, submitter);
      const outcome = !isForm ? "failed" : request.status < 300 ? "saved" : "wrong";
      status.textContent = status.dataset[outcome];
      done();
    };
    request.send(data);
  });
}

function show(page, sent, submitter) {
  document.getElementById("progress").replaceWith(document.adoptNode(page.getElementById("progress")));
  for (const count of document.querySelectorAll(".count")) count.textContent = page.getElementById(count.id).textContent;
  for (const field of facts()) {
    const next = page.getElementById(field.id);
    if (!sent.has(field.id) && isEdited(field)) continue;
    if (sent.has(field.id) && typed(field) !== sent.get(field.id)) {
      seen(field).value = seen(next).value; // the next change begins where this one has led
      continue;
    }
    const isOnes = submitter && field.contains(submitter);
    const more = next.querySelector("details");
    if (more && !isOnes) more.open = field.querySelector("details").open;
    if (field.isEqualNode(next)) continue;
    const at = field.contains(document.activeElement) && document.activeElement;
    const alike = at ? [...field.querySelectorAll(at.tagName)].indexOf(at) : -1;
    field.replaceWith(document.adoptNode(next));
    if (!at) continue;
    (isOnes ? next.querySelector("summary") : next.querySelectorAll(at.tagName)[alike])?.focus();
    if (!next.contains(document.activeElement)) next.focus();
  }
}

form.addEventListener("focusout", ({ target, relatedTarget: next }) => {
  const field = target.closest(".field[id]");
  const isLeft = !field?.contains(next) || next === field || next.tagName === "A";
  if (field && isLeft && next?.type !== "submit" && isEdited(field)) send(field.id);
});
form.addEventListener("change", ({ target }) => {
  const alone = /radio|checkbox|select-one/.test(target.type) && !target.closest(".item, .duration");
  if (alone) send(target.closest(".field[id]").id);
});
// A picture that is added here is chosen at once.
form.addEventListener("change", async ({ target }) => {
  if (target.type !== "file" || !target.files.length) return;
  const list = target.closest(".field[id]").querySelector("select");
  status.textContent = target.dataset.busy;
  const { name, picture, wrong } = await upload(target.files[0], target.dataset);
  target.value = "";
  if (!picture) return (status.textContent = wrong?.join(" ") ?? target.dataset.none);
  if (![...list.options].some((option) => option.value === name)) list.append(new Option(name, name));
  list.value = name;
  send(list.closest(".field[id]").id);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send("", event.submitter);
});
addEventListener("pagehide", () => {
  if (facts().some(isEdited)) navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
});

function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  const group = target?.closest("details.group");
  if (!group) return;
  group.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();
