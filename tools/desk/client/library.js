// New pictures and files: each is sent as soon as it is chosen or dropped, one after the other.
import { upload } from "./upload.js";

const form = document.getElementById("add");
const arrived = document.getElementById("arrived");
let queue = Promise.resolve();

form.querySelector(".actions").remove(); // choosing is enough
form.elements.file.addEventListener("change", ({ target }) => {
  take([...target.files]);
  target.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());

const carries = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault(); // else the browser would leave the page and show the file
  form.classList.add("over");
});
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget ?? form.classList.remove("over"));
addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  form.classList.remove("over");
  take([...event.dataTransfer.files]);
});

function take(files) {
  const rows = files.map((file) => [file, Object.assign(document.createElement("li"), { textContent: `${file.name}: ${form.dataset.busy}` })]);
  arrived.replaceChildren(...rows.map(([, row]) => row));
  queue = queue.then(async () => {
    const answers = [];
    for (const [file, row] of rows) answers.push(tell(row, file, await upload(file, form.dataset)));
    if (answers.length === 1 && answers[0].path) return location.assign(`${pageOf(answers[0])}&done=${answers[0].undo ? "added" : "known"}&undo=${answers[0].undo}`);
    return refresh();
  });
}

const pageOf = ({ path }) => `/.preview/pictures/one?file=${encodeURIComponent(path)}`;

function tell(row, file, answer) {
  row.classList.toggle("error", Boolean(answer.wrong));
  const { added, known } = form.dataset;
  row.textContent = `${file.name}: ${answer.wrong?.join(" ") ?? (answer.undo ? added : known)} `;
  if (answer.path) row.append(Object.assign(document.createElement("a"), { href: pageOf(answer), textContent: answer.name }));
  return answer;
}

// The list as it is now, in its place.
function refresh() {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", "/.preview/pictures");
    request.responseType = "document";
    request.onloadend = () => {
      const now = request.response?.getElementById("library");
      if (now) document.getElementById("library").replaceWith(document.adoptNode(now));
      done();
    };
    request.send();
  });
}
