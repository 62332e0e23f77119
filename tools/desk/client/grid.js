// A table of Markdown as a grid of fields over its text: a cell that is typed in changes its own signs and no others.
const RULE = /^[\s|:-]+$/;

// What a bar in it is none between cells: an escaped sign, a fact, code.
const SIGN = /\\.|\{[{%].*?[%}]\}|(`+)(?!`).*?(?<!`)\1(?!`)|\||`/g;
const BESIDE = /^(Table: .*|\s*(\{:[^}]*\})?\s*)$/; // lines of the block that are none of the table's own

// Where the cells of a line begin and end.
function parts(line) {
  const bars = [...line.matchAll(SIGN)].filter(([sign]) => sign === "|").map(({ index }) => index);
  const whole = line.trimEnd().length;
  if (line.slice(0, bars[0]).trim()) bars.unshift(-1);
  if (line.slice(bars.at(-1) + 1).trim()) bars.push(whole);
  return bars.slice(1).map((to, n) => [bars[n] + 1, to]);
}

// A cell as it is typed in Markdown: what would end it, or begin code without an end, is escaped.
function typedCell(text) {
  const cell = text.replace(/\n/g, " ").replace(SIGN, (sign) => (sign === "|" || sign === "`" ? `\\${sign}` : sign)).trim();
  return cell.replace(/(?<!\\)(\\\\)*\\$/, "$& ");
}

export class Grid {
  // Nothing where the text is no table of the plain kind: then it stays a text.
  static over(field, place, sentence) {
    const grid = new Grid(field, place, sentence);
    if (!grid.read()) return undefined;
    grid.draw();
    return grid;
  }

  constructor(field, place, sentence) {
    Object.assign(this, { field, place, sentence });
  }

  read() {
    const lines = this.field.value.split("\n");
    this.rule = lines.findIndex((line, n) => n && RULE.test(line) && line.includes("-"));
    if (this.rule < 1) return false;
    this.top = this.rule - 1;
    this.end = lines.findIndex((line, n) => n > this.rule && !line.includes("|"));
    if (this.end < 0) this.end = lines.length;
    this.columns = this.cells(lines[this.top]).length;
    const rows = lines.slice(this.top, this.end).filter((_, n) => n !== 1);
    const beside = [...lines.slice(0, this.top), ...lines.slice(this.end)];
    return this.columns > 0 && beside.every((line) => BESIDE.test(line)) && rows.every((line) => this.cells(line).length === this.columns);
  }

  // The cells of a line: where each begins and ends, without the spaces around it.
  cells(line) {
    return parts(line).map(([from, to]) => {
      const text = line.slice(from, to);
      const start = text.trim() ? from + text.search(/\S/) : Math.min(from + 1, to);
      return { from: start, to: start + text.trim().length, text: text.trim() };
    });
  }

  get lines() {
    return this.field.value.split("\n");
  }

  change(edit) {
    const lines = this.lines;
    edit(lines);
    this.field.value = lines.join("\n");
    this.field.dispatchEvent(new Event("input"));
  }

  draw() {
    this.field.hidden = true;
    this.place.hidden = false;
    const table = document.createElement("table");
    const rows = this.lines.map((line, n) => [line, n]).slice(this.top, this.end).filter(([, n]) => n !== this.rule);
    const heads = this.cells(rows[0][0]).map(({ text }) => text);
    rows.forEach(([line, n], row) => {
      const tr = table.insertRow();
      const cells = this.cells(line);
      const between = cells.map(({ from }, column) => line.slice(cells[column - 1]?.to ?? 0, from));
      const texts = cells.map(({ text }) => text);
      const write = (column, text) => {
        texts[column] = text; // each sign around stays, whatever is typed
        this.change((all) => (all[n] = between.map((sign, place) => sign + texts[place]).join("") + line.slice(cells.at(-1).to)));
      };
      texts.forEach((text, column) => {
        const td = tr.insertCell();
        if (row > 0) td.dataset.label = heads[column];
        td.append(this.input(row, column, text, write));
      });
      if (row > 0) tr.insertCell().append(this.press("remove-row", { row: row + 1 }, () => this.change((all) => all.splice(n, 1))));
    });
    if (this.columns > 1) {
      const tr = table.insertRow();
      for (let column = 0; column < this.columns; column += 1) {
        tr.insertCell().append(this.press("remove-column", { column: column + 1 }, () => this.each((line) => this.without(line, column))));
      }
    }
    const more = document.createElement("p");
    more.append(
      this.press("add-row", {}, () => this.change((all) => all.splice(this.end, 0, `|${" … |".repeat(this.columns)}`))),
      this.press("add-column", {}, () => this.each((line, n) => this.wider(line, n === this.rule))),
    );
    this.place.replaceChildren(...this.captions(), table, more);
  }

  // The lines above the table: its caption.
  captions() {
    const n = this.lines.findIndex((line, at) => at < this.top && /^Table: /.test(line));
    if (n < 0) return [];
    const label = document.createElement("label");
    const input = document.createElement("input");
    const rest = /(\s*\{:[^}]*\})?\s*$/.exec(this.lines[n]);
    input.value = this.lines[n].slice(7, rest.index);
    input.addEventListener("input", () => this.change((all) => (all[n] = `Table: ${input.value}${rest[0]}`)));
    label.append(this.sentence("caption"), input);
    return [label];
  }

  input(row, column, text, write) {
    const input = document.createElement("textarea");
    input.rows = 1;
    input.value = text;
    input.lang = this.field.lang;
    input.spellcheck = true;
    input.setAttribute("aria-label", this.sentence("cell", { row: row + 1, column: column + 1 }));
    input.addEventListener("input", () => write(column, typedCell(input.value)));
    return input;
  }

  press(name, values, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.startsWith("remove") ? "×" : this.sentence(name);
    button.setAttribute("aria-label", this.sentence(name, values));
    button.addEventListener("click", () => {
      act();
      if (this.read()) this.draw();
      const fields = [...this.place.querySelectorAll("textarea")];
      fields.at({ "add-row": -this.columns, "add-column": this.columns - 1 }[name] ?? 0)?.focus();
    });
    return button;
  }

  each(edit) {
    this.change((all) => {
      for (let n = this.top; n < this.end; n += 1) all[n] = edit(all[n], n);
    });
  }

  without(line, column) {
    const kept = parts(line).filter((_, n) => n !== column);
    return `|${kept.map(([from, to]) => line.slice(from, to)).join("|")}|`;
  }

  wider(line, isRule) {
    return `${line.replace(/(?:(?<!\\)\|)?\s*$/, "")} |${isRule ? "---" : " … "}|`;
  }
}
