// Saves each fact as it is left, and shows the page that comes back without touching what is being typed.

const status = document.getElementById("saving");
const forms = [...document.querySelectorAll("form.facts")];
let queue = Promise.resolve();

const controls = (field) => [...field.querySelectorAll("input:not([type=hidden]), select, textarea")];
const valueOf = (control) => (/radio|checkbox/.test(control.type) ? control.checked : control.value);
const before = (control) => {
  if (/radio|checkbox/.test(control.type)) return control.defaultChecked;
  if (control.tagName !== "SELECT") return control.defaultValue;
  return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).value;
};
const typed = (field) => JSON.stringify(controls(field).map((control) => [control.name, valueOf(control)]));
const isEdited = (field) => controls(field).some((control) => valueOf(control) !== before(control));
const parts = (field) => [...field.querySelectorAll("a, button, summary, input, select, textarea")];
const factsIn = (form) => [...form.querySelectorAll(".field[id]")];

function send(form, submitter) {
  queue = queue.then(() => post(form, submitter));
}

function post(form, submitter) {
  const sent = new Map(factsIn(form).map((field) => [field.id, typed(field)]));
  const data = new URLSearchParams(new FormData(form));
  if (submitter?.name) data.append(submitter.name, submitter.value);
  status.textContent = status.dataset.saving;
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.onloadend = () => {
      const page = request.response;
      const isForm = page?.querySelector("form.facts");
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
  for (const form of forms) {
    for (const field of factsIn(form)) {
      const next = page.getElementById(field.id);
      const goesOn = sent.has(field.id) ? typed(field) !== sent.get(field.id) : isEdited(field);
      if (!next || goesOn || field.isEqualNode(next)) continue;
      const place = parts(field).indexOf(document.activeElement);
      const isOnes = submitter && field.contains(submitter);
      field.replaceWith(document.adoptNode(next));
      if (place < 0) continue;
      (isOnes ? next.querySelector("summary") : parts(next)[place])?.focus();
      if (!next.contains(document.activeElement)) next.focus();
    }
  }
}

for (const form of forms) {
  form.addEventListener("focusout", (event) => {
    const field = event.target.closest(".field[id]");
    const next = event.relatedTarget;
    const isLeft = !field?.contains(next) || next.tagName === "A";
    if (field && isLeft && next?.type !== "submit" && isEdited(field)) send(form);
  });
  form.addEventListener("change", (event) => {
    const alone = /radio|checkbox|select-one/.test(event.target.type) && !event.target.closest(".item, .duration");
    if (alone) send(form);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter);
  });
}

function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  const group = target?.closest("details.group");
  if (!group) return;
  group.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();

addEventListener("pagehide", () => {
  for (const form of forms) {
    if (factsIn(form).some(isEdited)) navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
  }
});
