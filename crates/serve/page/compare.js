//! Scenarios side by side: the current one against those that were kept or loaded.

import { ask } from "./api.js";
import { byId, fill, hours, make, number, plural, signed } from "./dom.js";
import { nameOf } from "./parties.js";
import { baseScenario, scenario } from "./scenario.js";
import { CATEGORIES, MEASURES, label, plain, treatment } from "./words.js";

const MOST = 4;
const kept = [];
let problem = null;
let notice = null;

const copy = (value) => JSON.parse(JSON.stringify(value));

/** A name that no other scenario of the comparison has. */
function named(each) {
  const taken = new Set(kept.map((other) => other.name));
  let name = each.name || "scenario";
  for (let count = 2; taken.has(name); count += 1) name = `${each.name} (${count})`;
  return { ...copy(each), name };
}

export function keep(each) {
  if (kept.length === MOST) {
    notice(`${plural(MOST, "scenario")} are compared at most: take one away first.`);
    return;
  }
  kept.push(named(each));
  list();
  refresh().catch(problem);
}

function list() {
  byId("compared").replaceChildren(...kept.map((each, at) => make("li", {}, each.name,
    make("button", { type: "button", "aria-label": `Take ${each.name} away`, onclick: () => {
      kept.splice(at, 1);
      list();
      refresh().catch(problem);
    } }, "✕"))));
}

/** The scenario of the run, those kept, and the current one last. */
export async function refresh() {
  const now = { ...copy(scenario()), name: `${scenario().name || "session"} (now)` };
  const scenarios = [{ ...copy(baseScenario()), name: "as configured" }, ...kept, now];
  const answer = await ask("/api/compare", { scenarios });
  const names = answer.scenarios;
  const column = (read) => names.map((name, at) => ({ label: name, numeric: true, cell: (row) => read(row, at) }));
  const measures = make("table");
  fill(measures, "Measures of each scenario", [
    { label: "Measure", header: true, cell: (row) => MEASURES[row.measure] || plain(row.measure) },
    ...column((row, at) => [number(row.values[at]), at ? make("span", { class: "small" }, signed(Math.round(row.values[at]) - Math.round(row.values[0]))) : null].filter(Boolean)),
  ], answer.measures);
  const drivers = make("table");
  fill(drivers, "What drives the difference, in hours", [
    { label: "Part", cell: (row) => plain(row.kind) },
    { label: "Which", header: true, cell: (row) => row.kind === "party" ? nameOf(row.subject) : row.kind === "category" ? label(CATEGORIES, row.subject) : plain(row.subject) },
    ...column((row, at) => hours(row.hours[at])),
  ], answer.drivers, "They take the same hours.");
  const changes = make("table");
  const word = (each) => (each ? treatment(each)[2] : "out of scope");
  fill(changes, "What is treated otherwise than as configured", [
    { label: "Scenario", cell: (row) => row.scenario },
    { label: "Third party", header: true, cell: (row) => nameOf(row.party_id) },
    { label: "Was", cell: (row) => word(row.before) },
    { label: "Is", cell: (row) => word(row.after) },
    { label: "Obligations", numeric: true, cell: (row) => number(row.obligations) },
  ], answer.changes, "Nothing is treated otherwise.");
  const part = (title, table) => [make("h3", {}, title), make("div", { class: "scroll", role: "region", "aria-label": title, tabindex: "0" }, table)];
  byId("comparison").replaceChildren(...part("Measures", measures), ...part("What drives the difference", drivers), ...part("What is treated otherwise", changes));
}

/** Wires keeping and loading; `read` turns a file into a scenario. */
export function build(read, onProblem, onNotice) {
  problem = onProblem;
  notice = onNotice;
  byId("compare-keep").onclick = () => keep(scenario());
  byId("compare-open").onclick = () => byId("compare-file").click();
  byId("compare-file").onchange = async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    for (const file of files) {
      try {
        keep(await read(file));
      } catch (error) {
        onProblem(error);
      }
    }
  };
}
