// What the worksheet needs for files of other kinds, fetched when one is asked for: a saved text, a calendar file.

const DAY = 86_400_000; // milliseconds
const RULE = /^[-=]+$/;

/** What is left of a label when an editor has changed its spaces, hyphens and apostrophes. */
const bare = (label) => label.normalize().replace(/[^\p{L}\p{N}]+/gu, "");

/** A day in words, such as "1er mars 2027", as a day; any other text as it is. `months` are names, twelve a language. */
function dayOf(text, months) {
  const [day, month, year, ...more] = text.split(/\s/);
  if (more.length || !months.includes(month) || !/^\d{1,2}(er)?$/.test(day)) return text;
  return [year, (months.indexOf(month) % 12) + 1, parseInt(day, 10)].map((number) => String(number).padStart(2, "0")).join("-");
}

/** The answers in a text saved here: a label, and below it the answer, four spaces in. `fields` may come in several
    languages, the page's own last, and `months` too. {values, astray: the lines that belong to no field}. */
export function readText(text, fields, months) {
  const labels = new Map(fields.map((field) => [bare(field.label), field]));
  const lines = text.split(/\r\n?|\n/);
  const found = new Map();
  const astray = [];
  let field;
  lines.forEach((line, index) => {
    if (/^\S/.test(line)) {
      const title = [line, lines[index + 1]].some((each) => RULE.test(each));
      field = title ? null : labels.get(bare(line));
      if (!field && !title) astray.push(line);
    } else if (field && (line || found.has(field))) {
      found.set(field, `${found.get(field) ?? ""}${line.replace(/^ {4}/, "")}\n`);
    }
  });
  const values = {};
  for (const [{ id, kind, options }, answer] of found) {
    const value = answer.trimEnd();
    const option = [...(options ?? [])].find(([, label]) => bare(label) === bare(value));
    values[id] = option?.[0] ?? (kind === "date" ? dayOf(value, months) : value);
  }
  return { values, astray };
}

/** A line of a calendar file in pieces of at most 75 bytes, none of which ends within a character (RFC 5545, 3.1). */
export function fold(line) {
  let used = 0;
  return line.replace(/./gsu, (sign) => {
    const size = new TextEncoder().encode(sign).length;
    const full = used + size > 75;
    used = full ? size + 1 : used + size;
    return full ? `\r\n ${sign}` : sign;
  });
}

/** A calendar file with one event of a whole day: that day wherever the reader is, private, and leaving the day free. */
export function calendar(day, title, { language, now, uid }) {
  const next = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
  const event = `BEGIN:VEVENT
UID:${uid}
DTSTAMP:${now.toISOString().replace(/[-:]|\.\d+/g, "")}
DTSTART;VALUE=DATE:${day.replaceAll("-", "")}
DTEND;VALUE=DATE:${next.replaceAll("-", "")}
SUMMARY:${title.replace(/[\\;,]/g, "\\$&")}
CLASS:PRIVATE
TRANSP:TRANSPARENT
END:VEVENT`;
  const head = `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Human Trajectory Makers//SMART worksheet//${language.toUpperCase()}`;
  return `${head}\n${event}\nEND:VCALENDAR\n`.split("\n").map(fold).join("\r\n");
}
