// The settings' form while it is filled in: lengths, what a search engine shows, what is wrong with a field.
const form = document.querySelector("form[data-check]");

// As tools/desk/pages/settings.py cuts it: whole words, and a sign that there is more.
const cut = (text, most) =>
  [...text].length <= most ? text : `${[...text].slice(0, most).join("").replace(/\s+\S*$/u, "")} …`;

function show() {
  for (const place of form.querySelectorAll("[data-length]")) {
    place.textContent = [...form.elements[place.dataset.length].value.trim()].length;
  }
  for (const place of form.querySelectorAll("[data-shows]")) {
    const field = form.elements[place.dataset.shows];
    if (!field) continue;
    const { before, behind = "", most } = place.dataset;
    const text = field.value.trim();
    place.textContent = before === undefined
      ? cut(text + behind, Number(most))
      : [before, ...text.split("/").filter(Boolean)].join(" › ");
  }
}

const touched = new Set();
let asked = 0;
async function check(name) {
  const number = ++asked;
  touched.add(name);
  const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (!answer?.ok || number !== asked) return; // told when it is saved
  const errors = await answer.json();
  for (const place of form.querySelectorAll("[id$='-error']")) {
    const about = place.id.slice(0, -"-error".length);
    // Only what was touched is told, and what is right again is no longer told.
    if (errors[about] && !touched.has(about)) continue;
    place.textContent = errors[about] ?? "";
    const field = document.getElementById(about);
    if (errors[about] && field.matches("input, select, textarea")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

form.addEventListener("input", show);
form.addEventListener("change", (event) => check(event.target.name));
