// Added by the preview only. Brings a page up to date in place when the server says that it has changed: focus, scroll and
// what is typed stay. A hidden page waits until it is seen, because a browser opens no more than six connections to a server.
import { Idiomorph } from "./idiomorph.js";

const OURS = ".desk-layer, .desk-tools, .desk-editor, #desk-edit, #desk-said"; // of the desk's scripts: edit.js
let tag = new URL(import.meta.url).searchParams.get("tag");
let events, waiting, held, leaving, asking, again;

function listen() {
  if (events || document.visibilityState !== "visible") return;
  events = new EventSource(`/.preview/events?page=${encodeURIComponent(location.pathname)}&tag=${tag}`);
  events.addEventListener("reload", update);
  events.addEventListener("error", () => {
    if (events?.readyState !== EventSource.CLOSED) return; // else the browser tries again by itself
    rest();
    setTimeout(listen, 1000);
  });
}

function rest() {
  events?.close();
  events = undefined;
}

// The page as it is now; as a document, since its policy lets no script make one of a text. One is asked for at a time, or
// an older answer might come last.
function update() {
  if (held || leaving) return (waiting = true);
  if (asking) return (again = true);
  asking = true;
  const request = new XMLHttpRequest();
  request.open("GET", location.pathname + location.search);
  request.responseType = "document";
  request.addEventListener("load", () => answered(() => show(request.response)));
  request.addEventListener("error", () => setTimeout(answered, 1000, update)); // the server starts again: the page stays
  request.send();
}

function answered(act) {
  asking = false;
  if (!again) return act();
  again = false;
  update();
}

// What a document has from its beginning: a policy and styles stay those that were loaded, and a script has begun its work
// with the elements that it found.
const FIXED = 'head > :not(title, script[src*="live.js?tag="]), main script, main link, form.worksheet';
const fixed = (page) => [...page.querySelectorAll(FIXED)].map((part) => part.outerHTML).join();

function show(page) {
  if (held || leaving) return (waiting = true);
  if (!page || page.URL !== document.URL.split("#")[0] || fixed(page) !== fixed(document)) return location.reload();
  const script = page.querySelector('script[src*="live.js?tag="]');
  tag = script ? new URL(script.src).searchParams.get("tag") : tag;
  document.title = page.title;
  Idiomorph.morph(document.body, page.body, {
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (node) => !node.matches?.(OURS),
      beforeNodeRemoved: (node) => !node.matches?.(OURS),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.closest("main")), // opened by its reader
    },
  });
  document.dispatchEvent(new CustomEvent("preview:updated"));
}

// While a part of the page is edited, the page stays as it is.
document.addEventListener("desk:editing", ({ detail }) => {
  held = detail;
  late();
});
// To load this page again would take its reader back from where a link leads, while the answer is on its way. Where it leads
// to a file to download, the page stays.
addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => late((leaving = false)), 5000);
});

function late() {
  if (held || leaving || !waiting) return;
  waiting = false;
  update();
}

// What the desk has put into this page is taken back, perhaps before any build has seen it; or a change was missed.
document.addEventListener("desk:changed", update);
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? listen() : rest()));
addEventListener("pagehide", rest);
addEventListener("pageshow", listen);
listen();
