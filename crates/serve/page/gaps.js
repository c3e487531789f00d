//! What stands between the scenario and its audit.

import { ask } from "./api.js";
import { byId, fill, make, number, plural } from "./dom.js";
import { nameOf } from "./parties.js";
import { scenario } from "./scenario.js";
import { GAPS } from "./words.js";

const MOST = 300;
let why = null;

/** Asks for the gaps of the scenario that the filters leave. */
export async function refresh() {
  const [kind, party] = [byId("gap-kind").value, byId("gap-party").value];
  const answer = await ask("/api/gaps", { scenario: scenario(), kind: kind || null, party: party || null, most: MOST });
  const all = Object.values(answer.by_kind).reduce((sum, count) => sum + count, 0);
  byId("gap-kind").replaceChildren(make("option", { value: "" }, `all (${number(all)})`),
    ...Object.keys(GAPS).map((word) => make("option", { value: word }, `${GAPS[word]} (${number(answer.by_kind[word])})`)));
  byId("gap-kind").value = kind;
  const shown = answer.gaps.length < answer.found ? `the first ${number(answer.gaps.length)} of ` : "";
  byId("gap-count").textContent = `${shown}${plural(answer.found, "gap")}`;
  fill(byId("gaps"), "Gaps, those that put most criteria at risk first", [
    { label: "Kind", cell: (gap) => make("span", { class: `pill gap-${gap.kind}` }, GAPS[gap.kind] || gap.kind) },
    { label: "Control", cell: (gap) => gap.control_id || "–" },
    { label: "Third party", header: true, cell: (gap) => gap.party_id === "organization" ? "us" : make("button", { type: "button", class: "link", onclick: () => why(gap.party_id) }, nameOf(gap.party_id)) },
    { label: "What", cell: (gap) => [gap.what, gap.report_id && make("span", { class: "small" }, `report ${gap.report_id}`)].filter(Boolean) },
    { label: "Obligations", numeric: true, cell: (gap) => number(gap.obligations) },
    { label: "Criteria at risk", cell: (gap) => gap.criterion_ids.join(", ") },
  ], answer.gaps, "No gap of this kind.");
}

/** Wires the filters. */
export function build(estate, onWhy, onProblem) {
  why = onWhy;
  byId("gap-kind").replaceChildren(make("option", { value: "" }, "all"));
  byId("gap-party").replaceChildren(make("option", { value: "" }, "all"), make("option", { value: "organization" }, "us"),
    ...estate.parties.map((party) => make("option", { value: party.party_id }, party.name)));
  for (const id of ["gap-kind", "gap-party"]) byId(id).onchange = () => refresh().catch(onProblem);
}
