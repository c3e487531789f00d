//! The map of controls by third party: a table whose cells carry a letter for the treatment and the owner's colour.

import { ask } from "./api.js";
import { byId, hours, make, number, plural } from "./dom.js";
import { columns, nameOf } from "./parties.js";
import { scenario } from "./scenario.js";
import { OWNERS, TREATMENTS, label, treatment } from "./words.js";

let open = null;

/** An inherited cell is the provider's by what inheriting means. */
const ownerOf = (cell) => cell.owner || "provider";
const treatmentOf = (cell) => cell.treatment || "inherited";

function spoken(row, party, cell) {
  const where = `${row.control_id} at ${nameOf(party)}`;
  if (!cell) return `${where}: no bearing`;
  if (!cell.treatment) return `${where}: inherited from report ${cell.report_id}`;
  const parts = [`${where}: ${treatment(cell.treatment)[2]}, owned by ${label(OWNERS, cell.owner)}`,
    `${plural(cell.evidence_requests, "evidence request")}, ${number(cell.evidence_answered)} answered`];
  const checked = cell.passed + cell.failed + cell.unknown;
  if (checked) parts.push(`${number(cell.failed)} of ${number(checked)} fail, ${number(cell.unknown)} can't be told`);
  if (cell.hours_likely) parts.push(`${hours(cell.hours_likely)} hours`);
  return parts.join("; ");
}

function cellOf(row, party, cell) {
  const classes = cell ? `cell owner-${ownerOf(cell)} treatment-${treatmentOf(cell)}${cell.failed ? " fails" : ""}` : "cell";
  const text = spoken(row, party, cell);
  const element = make("td", { class: classes, tabindex: "-1", "aria-label": text, title: text, "data-control": row.control_id, "data-party": party },
    cell ? treatment(treatmentOf(cell))[1] : "·");
  return element;
}

/** Asks for the map of the scenario and draws it. */
export async function refresh() {
  const parties = columns(Number(byId("heat-columns").value));
  const answer = await ask("/api/repeats", { scenario: scenario(), parties });
  draw(answer);
}

function draw({ parties, rows }) {
  const table = byId("heat");
  const heads = parties.map((id) => make("th", { scope: "col", class: "tall", title: nameOf(id) }, make("span", {}, nameOf(id))));
  const head = make("tr", {}, make("th", { scope: "col" }, "Control"), make("th", { scope: "col", class: "number" }, "Repeats"), ...heads);
  const body = rows.map((row) => make("tr", {},
    make("th", { scope: "row" }, make("b", {}, row.control_id), " ", row.title),
    make("td", { class: "number", title: `inherited at ${row.inherited}` }, number(row.repeats)),
    ...parties.map((party, at) => cellOf(row, party, row.cells[at]))));
  table.setAttribute("role", "grid");
  table.replaceChildren(make("caption", { class: "unseen" }, "Controls by third party: treatment as a letter, owner as a colour"),
    make("thead", {}, head), make("tbody", {}, ...body));
  const first = table.querySelector(".cell");
  if (first) first.tabIndex = 0;
  byId("heat-count").textContent = `${plural(rows.length, "control")}; ${plural(parties.length, "third party", "third parties")} shown. Repeats are counted over all.`;
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** One cell at a time is in the order of the Tab key; arrows move between cells. */
function move(event) {
  const cell = event.target.closest(".cell");
  if (!cell) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(cell.dataset.control, cell.dataset.party);
    return;
  }
  const cells = [...cell.parentElement.querySelectorAll(".cell")];
  const lines = [...byId("heat").tBodies[0].rows];
  let [column, line] = [cells.indexOf(cell), lines.indexOf(cell.parentElement)];
  if (event.key === "Home") column = 0;
  else if (event.key === "End") column = cells.length - 1;
  else if (STEPS[event.key]) [column, line] = [column + STEPS[event.key][0], line + STEPS[event.key][1]];
  else return;
  event.preventDefault();
  const next = lines[line]?.querySelectorAll(".cell")[column];
  if (next) focus(next);
}

function focus(cell) {
  for (const other of byId("heat").querySelectorAll('.cell[tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}

/** Wires the map; `show` opens a cell's obligations. */
export function build(show, onProblem) {
  open = show;
  byId("heat-legend").replaceChildren(
    ...OWNERS.filter(([word]) => word !== "not_applicable").map(([word, text]) =>
      make("li", {}, make("span", { class: `swatch owner-${word}`, "aria-hidden": "true" }), `owned by ${text}`)),
    ...TREATMENTS.filter(([, letter]) => letter).map(([, letter, text]) => make("li", {}, make("b", {}, letter), ` ${text}`)),
    make("li", {}, make("span", { class: "swatch fails", "aria-hidden": "true" }), "checks fail"));
  const table = byId("heat");
  table.addEventListener("keydown", move);
  table.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (!cell) return;
    focus(cell);
    open(cell.dataset.control, cell.dataset.party);
  });
  byId("heat-columns").onchange = () => refresh().catch(onProblem);
}

