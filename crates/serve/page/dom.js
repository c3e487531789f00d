//! Small functions for elements, numbers and tables. Texts reach the page as texts.

export const byId = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick`), properties of its style (`style: { width }`) and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (key === "style") for (const [property, set] of Object.entries(value)) element.style.setProperty(property, set);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

export const number = (value) => whole.format(value || 0);

/** Hours, with a tenth where they are few. */
export const hours = (value) => (Math.abs(value) < 10 ? tenths : whole).format(value || 0);

/** A difference with its sign; nothing where there is none. */
export function signed(value, format = number) {
  const text = format(Math.abs(value));
  return text === "0" ? "" : `${value > 0 ? "+" : "−"}${text}`;
}

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** Fills a table. A column is `{ label, cell(row), numeric, header }`; a cell is a text, an element or several. */
export function fill(table, caption, columns, rows, empty = "Nothing.") {
  const kind = (column) => (column.numeric ? "number" : null);
  const head = make("tr", {}, columns.map((column) => make("th", { scope: "col", class: kind(column) }, column.label)));
  const body = rows.map((row) => make("tr", {}, columns.map((column) => {
    const cell = column.cell(row);
    const name = column.header ? "th" : "td";
    return make(name, { class: kind(column), scope: column.header ? "row" : null }, ...(Array.isArray(cell) ? cell : [cell]));
  })));
  if (!rows.length) body.push(make("tr", {}, make("td", { colspan: columns.length, class: "empty" }, empty)));
  table.replaceChildren(make("caption", { class: "unseen" }, caption), make("thead", {}, head), make("tbody", {}, body));
}

/** A bar beside a number. */
export const bar = (share) => make("span", { class: "bar", "aria-hidden": "true", style: { width: `${Math.round(Math.min(Math.max(share, 0), 1) * 64)}px` } });
