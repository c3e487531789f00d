//! The panel at the side: why a third party is here, down to the line of policy, and what one cell of the map asks for.

import { ask } from "./api.js";
import { byId, hours, make, number, plural } from "./dom.js";
import { nameOf } from "./parties.js";
import { scenario } from "./scenario.js";
import { OWNERS, RELIANCE, STRENGTHS, label, plain, treatment } from "./words.js";

const AT_FIRST = 25;
const MORE = 500;
let opener = null;
let turn = 0;

/** Opens the panel and says what it is about; the content comes from `load`. */
async function open(title, load) {
  const mine = ++turn;
  const panel = byId("details");
  if (panel.hidden) opener = document.activeElement;
  panel.hidden = false;
  document.body.classList.add("with-details");
  byId("details-title").textContent = title;
  byId("details-body").replaceChildren(make("p", { class: "small" }, "Looking it up…"));
  byId("details-title").focus();
  try {
    const content = await load();
    if (mine === turn) byId("details-body").replaceChildren(...content);
  } catch (problem) {
    if (mine !== turn) return;
    byId("details-body").replaceChildren(make("p", { class: "problem" }, problem.message), make("p", {}, problem.remedy || ""));
  }
}

export function close() {
  turn += 1;
  byId("details").hidden = true;
  document.body.classList.remove("with-details");
  if (opener?.isConnected) opener.focus();
}

/** Wires closing. */
export function build() {
  byId("details-close").onclick = close;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("details").hidden) close();
  });
}

const facts = (rows) => make("dl", { class: "facts" },
  rows.filter(([, value]) => value != null && value !== "").flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));

// ---- Why a third party is here ------------------------------------------------------------------------------------

/** Why a party is in scope, with the first rows of its evidence. */
export const why = (id, most = AT_FIRST) => open(nameOf(id), async () => {
  const answer = await ask("/api/why", { party: id, most });
  return story(id, answer);
});

function story(id, { why: found, names, has_more: hasMore }) {
  const name = (node) => {
    const party = node.replace(/^party:/, "");
    return node === "organization" ? "us" : names[party] || nameOf(party);
  };
  const parts = [make("p", { class: "small" }, make("code", {}, id))];
  parts.push(make("h3", {}, "Why it is here"));
  if (!found.steps.length) parts.push(make("p", {}, "Nothing that counts leads to it: it is known, and not seen in the estate."));
  else {
    parts.push(make("ol", { class: "way" }, make("li", {}, "us"), found.steps.map((step) => make("li", {},
      make("b", {}, name(step.to_id)),
      make("span", {}, step.edges.map((edge) => plain(edge.relation) + (edge.strength ? `: ${STRENGTHS[edge.strength] || plain(edge.strength)}` : "")).join("; ")),
      step.subservices.map((each) => make("span", { class: "small" }, `named in report ${each.report_id} (${plain(each.method)}, ${plural(each.csocs, "control")} expected of it)`))))));
  }
  const first = found.reach?.path?.[0];
  const whose = first && first !== id ? ` of ${name(`party:${first}`)}, the first on the way` : "";
  parts.push(make("h3", {}, `Evidence${whose}`));
  if (!found.evidence.length) parts.push(make("p", {}, "No resource of ours shows it."));
  parts.push(make("ul", { class: "evidence" }, found.evidence.map((row) => make("li", {},
    make("p", {}, make("b", {}, STRENGTHS[row.strength] || plain(row.strength)), ` · ${plain(row.relation)} · ${plain(row.signal)}`,
      row.status === "live" ? null : make("span", { class: "pill" }, plain(row.status))),
    make("p", {}, make("code", {}, row.resource_key)),
    row.path || row.value ? make("pre", { tabindex: "0", "aria-label": "Place and value" }, row.path ? `${row.path}\n` : "", make("mark", {}, row.value ?? "")) : null))));
  if (hasMore) {
    parts.push(make("button", { type: "button", onclick: () => why(id, MORE) }, `Show up to ${MORE}`));
  }
  parts.push(make("h3", {}, "Reports that speak for it"));
  parts.push(found.reports.length
    ? make("ul", { class: "plain" }, found.reports.map((report) => make("li", {}, make("code", {}, report.report_id), ` ${plain(report.report_type)}, `,
      RELIANCE[report.reliance] || "can't be judged", report.speaks_until ? `, speaks until ${report.speaks_until}` : "", report.opinion ? `, ${report.opinion} opinion` : "")))
    : make("p", {}, "None is held."));
  return parts;
}

// ---- One cell of the map -------------------------------------------------------------------------------------------

/** What a control asks for at a party, criterion by criterion, with the reasons. */
export const cell = (control, party, title) => open(`${control} at ${nameOf(party)}`, async () => {
  const rows = await ask("/api/obligations", { scenario: scenario(), control, party });
  const parts = [make("p", {}, title), make("p", {}, make("button", { type: "button", class: "link", onclick: () => why(party) }, `Why is ${nameOf(party)} here?`))];
  if (!rows.length) parts.push(make("p", {}, "It is not in this scenario's scope."));
  for (const row of rows) {
    parts.push(make("h3", {}, row.criterion_id, make("span", { class: `pill treatment-${row.treatment}` }, treatment(row.treatment)[2])));
    parts.push(facts([
      ["Owner", label(OWNERS, row.owner)], ["Report", row.report_id],
      ["Evidence", row.evidence_requests ? `${plural(row.evidence_requests, "request")}, ${number(row.evidence_answered)} answered` : null],
      ["Population", row.population == null ? null : number(row.population)], ["Samples", row.sample_size],
      ["Hours", row.hours_high ? `${hours(row.hours_low)} – ${hours(row.hours_likely)} – ${hours(row.hours_high)}` : null], ["Reused from", row.reused_from],
    ]));
    parts.push(make("ol", { class: "basis" }, row.basis.map((reason) => make("li", {}, reason))));
  }
  return parts;
});
