//! The third parties of the estate: in or out, carved out or inclusive, report received or not.

import { bar, byId, hours, make, number, plural } from "./dom.js";
import { holds, isTouched, put, scenario } from "./scenario.js";
import { RELIANCE, STRENGTHS, plain } from "./words.js";

const rows = new Map();
const RANKS = ["current", "bridged", "stale", "expired", "unreliable", "not_evaluable"];
let estate = null;
let order = ["hours", -1];
let dearest = 1;
let hasRegister = false;
let periods = new Map();

const COLUMNS = [
  ["in", "In", null], ["name", "Third party", (row) => row.party.name.toLowerCase()],
  ["strength", "What it is to us", (row) => STRENGTHS[row.party.strength] || "~"],
  ["resources", "Seen in", (row) => row.party.resources], ["report", "Report held", (row) => row.rank],
  ["received", "Received", null], ["site", "Inclusive", null], ["hours", "Hours", (row) => row.hours],
];
const NUMERIC = new Set(["resources", "hours"]);
const HINTS = {
  in: "In the scope of this scenario", received: "As if a clean, current report were held",
  site: "Tested at its site (inclusive method) instead of carved out",
  resources: "Resources of ours that show it",
};

function box(list, party, isReversed, label) {
  const input = make("input", { type: "checkbox", "aria-label": `${party.name}: ${label}`, "data-list": list, "data-party": party.party_id });
  input.addEventListener("change", () => put(list, party.party_id, input.checked !== isReversed));
  return input;
}

function rowOf(party, why) {
  const row = {
    party, hours: 0, rank: RANKS.length, text: [party.name, party.party_id, party.domain, party.category].join(" ").toLowerCase(),
    boxes: [["without", true], ["assume_reports", false], ["inclusive", false]],
  };
  const [within, received, site] = [
    box("without", party, true, "in scope"), box("assume_reports", party, false, "report received"),
    box("inclusive", party, false, "tested at its site"),
  ];
  row.inputs = [within, received, site];
  row.report = make("td", { class: "report" });
  row.hoursText = make("span");
  row.hoursBar = bar(0);
  const name = make("button", { type: "button", class: "link", onclick: () => why(party.party_id) }, party.name);
  const marks = [party.category && plain(party.category), hasRegister && !party.in_register && "not in the register"].filter(Boolean).join(" · ");
  row.element = make("tr", {},
    make("td", {}, within),
    make("th", { scope: "row" }, name, make("span", { class: "small" }, marks)),
    make("td", {}, STRENGTHS[party.strength] || "not stated", make("span", { class: "small" }, party.relations.map(plain).join(", "))),
    make("td", { class: "number" }, number(party.resources)),
    row.report, make("td", {}, received), make("td", {}, site),
    make("td", { class: "number" }, row.hoursBar, row.hoursText));
  return row;
}

/** Builds the table once; `why` opens the evidence of a party. */
export function build(of, why) {
  estate = of;
  periods = new Map(estate.reports.map((report) => [report.report_id, report.period_end || report.as_of]));
  // Without a register, that nothing is in it says nothing.
  hasRegister = estate.parties.some((party) => party.in_register);
  rows.clear();
  for (const party of estate.parties) rows.set(party.party_id, rowOf(party, why));
  const heads = COLUMNS.map(([word, label, key]) => {
    const sort = () => {
      order = [word, order[0] === word ? -order[1] : NUMERIC.has(word) ? -1 : 1];
      arrange();
    };
    const content = key ? make("button", { type: "button", class: "sort", onclick: sort }, label) : label;
    return make("th", { scope: "col", class: NUMERIC.has(word) ? "number" : null, title: HINTS[word], "data-column": word }, content);
  });
  byId("parties").replaceChildren(make("caption", { class: "unseen" }, "Third parties with what this scenario decides about each"),
    make("thead", {}, make("tr", {}, heads)), make("tbody"));
  byId("party-search").oninput = arrange;
  byId("party-show").onchange = arrange;
}

const SHOWN = {
  all: () => true, changed: (row) => isTouched(row.party.party_id), in: (row) => !holds("without", row.party.party_id),
  out: (row) => holds("without", row.party.party_id), unreported: (row) => row.rank > 1, unregistered: (row) => !row.party.in_register,
};

/** Sorts and filters. A toggle alone moves no row: what one works on stays where it is. */
export function arrange() {
  const [word, direction] = order;
  const key = COLUMNS.find(([each]) => each === word)[2];
  const search = byId("party-search").value.trim().toLowerCase();
  const passes = SHOWN[byId("party-show").value];
  const found = [...rows.values()].filter((row) => passes(row) && row.text.includes(search));
  found.sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    return direction * (one < other ? -1 : one > other ? 1 : 0) || (a.party.name < b.party.name ? -1 : 1);
  });
  byId("parties").tBodies[0].replaceChildren(...found.map((row) => row.element));
  for (const head of byId("parties").tHead.rows[0].cells) {
    if (head.dataset.column === word) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    else head.removeAttribute("aria-sort");
  }
  byId("party-count").textContent = `${number(found.length)} of ${plural(rows.size, "third party", "third parties")}`;
}

function reportCell(row, standing) {
  const assumed = holds("assume_reports", row.party.party_id);
  if (assumed) return [make("span", { class: "pill assumed" }, "taken as received")];
  if (!standing) return [make("span", { class: "pill none" }, "none")];
  const until = periods.get(standing.report_id);
  return [
    make("span", { class: `pill ${standing.reliance}`, title: standing.obstacle }, RELIANCE[standing.reliance] || plain(standing.reliance)),
    make("span", { class: "small" }, until ? `to ${until}` : "period not known"),
  ];
}

/** The boxes as the scenario has them. */
export function reflect() {
  for (const row of rows.values()) {
    row.boxes.forEach(([list, isReversed], at) => {
      row.inputs[at].checked = holds(list, row.party.party_id) !== isReversed;
    });
    row.element.classList.toggle("out", holds("without", row.party.party_id));
    row.element.classList.toggle("touched", isTouched(row.party.party_id));
  }
}

/** Hours and reports of a size. */
export function update(size) {
  const spent = new Map(size.party_hours.map((part) => [part.party_id, part.hours]));
  const standings = new Map();
  for (const each of size.reliance) {
    const known = standings.get(each.party_id);
    const rank = (one) => RANKS.indexOf(one.reliance);
    if (!known || rank(each) < rank(known)) standings.set(each.party_id, each);
  }
  dearest = Math.max(dearest, ...spent.values());
  for (const [id, row] of rows) {
    row.hours = spent.get(id) || 0;
    const standing = standings.get(id);
    row.rank = holds("assume_reports", id) ? 0 : standing ? RANKS.indexOf(standing.reliance) : RANKS.length;
    const state = `${row.rank}/${standing?.report_id}/${holds("assume_reports", id)}`;
    if (row.state !== state) row.report.replaceChildren(...reportCell(row, standing));
    row.state = state;
    const text = row.hours ? hours(row.hours) : "–";
    // Most rows stay as they are, and what is not written is not laid out again.
    if (row.hoursText.textContent !== text) row.hoursText.textContent = text;
    const width = `${Math.round((row.hours / dearest) * 64)}px`;
    if (row.width !== width) row.hoursBar.style.setProperty("width", width);
    row.width = width;
  }
}

/** The ids in scope: the clouds first, and then the dearest. */
export function columns(count) {
  const inScope = [...rows.values()].filter((row) => !(scenario().without || []).includes(row.party.party_id));
  const isCloud = (row) => row.party.origin === "provider";
  inScope.sort((a, b) => isCloud(b) - isCloud(a) || b.hours - a.hours || (a.party.party_id < b.party.party_id ? -1 : 1));
  return inScope.slice(0, count).map((row) => row.party.party_id);
}

export const nameOf = (id) => rows.get(id)?.party.name || (id === "organization" ? estate?.organization || id : id);
