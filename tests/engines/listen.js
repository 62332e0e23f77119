// Stands first in each page under test: what the page complains of from its beginning, in any engine.
window.complaints = [];
for (const kind of ["error", "warn"]) {
  const usual = console[kind];
  console[kind] = (...words) => (window.complaints.push(`console ${kind}: ${words.join(" ")}`), usual.apply(console, words));
}
addEventListener("error", (event) => window.complaints.push(`error: ${event.message || event.target.outerHTML}`), true);
addEventListener("unhandledrejection", (event) => window.complaints.push(`error: ${event.reason}`));
document.addEventListener("securitypolicyviolation", (event) => window.complaints.push(`policy violated: ${event.effectiveDirective} ${event.blockedURI}`));
