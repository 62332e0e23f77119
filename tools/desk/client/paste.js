// What is pasted into the editor: rich text comes back from the server as Markdown (tools/desk/editing/paste.py), pictures are
// kept as those that are dropped on the desk (upload.js), plain text loses signs that nobody sees.
import { upload } from "./upload.js";

const DATA = /\bsrc\s*=\s*(["'])data:(image\/[\w.+-]+);base64,([^"']+)\1/gi;
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\0-\x08\v\f\x0e-\x1f]/g;
const SPACES = /[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

export const plain = (text) => text.replace(/\r\n?/g, "\n").replace(UNSEEN, "").replace(SPACES, " ");

// The HTML with an address for each picture whose bytes are in it, where the server takes it.
async function withoutBytes(html, told) {
  const { dataset } = document.querySelector(".desk-picture");
  const found = new Map([...html.matchAll(DATA)].map(([whole, , type, bytes]) => [whole, { type, bytes }]));
  for (const [whole, { type, bytes }] of found) {
    let address, wrong;
    try {
      const signs = Uint8Array.from(atob(decodeURIComponent(bytes)), (sign) => sign.charCodeAt(0));
      ({ address, wrong } = await upload(new File([signs], `picture.${type.slice(6).replace(/\+.*/, "")}`, { type }), dataset));
    } catch {
      /* these are no bytes: it is told as a picture that did not come */
    }
    told.push(...(wrong ?? []));
    html = html.replaceAll(whole, address ? `src="${address}"` : "");
  }
  return html;
}

// What a rich clipboard comes to: the text, the notes below it, whether it is a part of its own, what could not be kept.
export async function taken(html, text, place) {
  const told = [];
  const body = JSON.stringify({ html: await withoutBytes(html, told), ...place });
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const answer = await fetch("/.preview/paste", options).catch(() => ({}));
  const made = answer.ok ? await answer.json() : undefined;
  if (!made?.text) return { text: plain(text), notes: "", part: false, told, failed: true };
  return { ...made, told: [...told, ...made.told] };
}

// Where a text goes into a field: what to write, over which signs, and where one goes on typing.
export function placed({ text, notes, part }, value, from, to) {
  const [before, after] = [value.slice(0, from), value.slice(to)];
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const indent = line.startsWith("[^") ? "    " : /^(?: {4})*/.exec(line)[0];
  const within = (words) => words.replace(/\n(?!\n)/g, `\n${indent}`);
  const apart = (beside, lines) => (part && beside.trim() ? "\n\n".slice(lines) : "");
  const start = apart(before, /\n*$/.exec(before)[0].length) && `${apart(before, /\n*$/.exec(before)[0].length)}${indent}`;
  const put = start + within(text) + apart(after, /^\n*/.exec(after)[0].length);
  const all = notes ? `${put}${after.trimEnd()}\n\n${notes}` : put;
  return { put: all, from, to: notes ? value.length : to, caret: from + start.length + within(text).length };
}
