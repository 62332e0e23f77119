// Added by the preview only. Reloads the page when the server says that it has changed; a hidden page waits until it is seen,
// because a browser opens no more than six connections to one server.
const tag = new URL(import.meta.url).searchParams.get("tag");
const address = `/.preview/events?page=${encodeURIComponent(location.pathname)}&tag=${tag}`;
let events;

function listen() {
  if (events || document.visibilityState !== "visible") return;
  events = new EventSource(address);
  events.addEventListener("reload", () => location.reload());
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

document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? listen() : rest()));
addEventListener("pagehide", rest);
addEventListener("pageshow", listen);
listen();
