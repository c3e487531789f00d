//! Where the hours come from, what single changes would do, and the other ways to audit.

import { ask } from "./api.js";
import { bar, byId, fill, hours, number, signed } from "./dom.js";
import { nameOf } from "./parties.js";
import { scenario } from "./scenario.js";
import { MODES, label, CATEGORIES, plain } from "./words.js";

// Categories, third parties and controls each take the same hours apart: one kind after another, never mixed.
const KINDS = ["category", "party", "control", "vendor_assessment", "report_review", "fixed"];
const OF_EACH = 6;
let controls = new Map();

const pert = ({ low, likely, high }) => (low + 4 * likely + high) / 6;

function subject(part) {
  if (part.kind === "party") return nameOf(part.subject);
  if (part.kind === "control") return `${part.subject} ${controls.get(part.subject) || ""}`;
  if (part.kind === "category") return label(CATEGORIES, part.subject);
  return plain(part.subject.replace(".", ": "));
}

/** Writes what a size knows of itself. */
export function show(size) {
  const most = Math.max(1, ...size.parts.map((part) => pert(part.hours)));
  fill(byId("parts"), "The largest parts of the hours; parties, controls and categories each take the same hours apart", [
    { label: "Part", cell: (part) => plain(part.kind) },
    { label: "Which", header: true, cell: subject },
    { label: "Hours", numeric: true, cell: (part) => [bar(pert(part.hours) / most), hours(pert(part.hours))] },
    { label: "Share", numeric: true, cell: (part) => `${Math.round(part.share * 100)} %` },
  ], KINDS.flatMap((kind) => size.parts.filter((part) => part.kind === kind).slice(0, OF_EACH)));
  fill(byId("effort"), "Every unit of work in the total", [
    { label: "Unit", header: true, cell: (line) => plain(line.unit.replace(".", ": ")) },
    { label: "How many", numeric: true, cell: (line) => number(line.quantity) },
    { label: "Low", numeric: true, cell: (line) => hours(line.hours.low) },
    { label: "Likely", numeric: true, cell: (line) => hours(line.hours.likely) },
    { label: "High", numeric: true, cell: (line) => hours(line.hours.high) },
    { label: "Where the figure comes from", cell: (line) => line.source },
  ], size.effort.filter((line) => line.quantity));
}

/** Asks what single changes and the other modes would be. */
export async function refresh() {
  const asked = { scenario: scenario() };
  const [toggles, modes] = await Promise.all([ask("/api/toggles", asked), ask("/api/modes", asked)]);
  fill(byId("toggles"), "What one change would do, the largest first", [
    { label: "Change", header: true, cell: (toggle) => toggle.change },
    { label: "Hours", numeric: true, cell: (toggle) => signed(toggle.hours_delta) || "0" },
    { label: "Pairs", numeric: true, cell: (toggle) => signed(toggle.real_size_delta) || "0" },
    { label: "Requests", numeric: true, cell: (toggle) => signed(toggle.evidence_requests_delta) || "0" },
  ], toggles);
  fill(byId("modes"), "The scenario beside the other ways to audit it", [
    { label: "Way", header: true, cell: (mode) => MODES[mode.mode] || plain(mode.mode) },
    { label: "Pairs", numeric: true, cell: (mode) => number(mode.pairs) },
    { label: "Requests", numeric: true, cell: (mode) => number(mode.evidence_requests) },
    { label: "Hours P10 – P90", numeric: true, cell: (mode) => `${number(mode.percentiles.p10)} – ${number(mode.percentiles.p90)}` },
  ], modes);
}

export function build(estate) {
  controls = new Map(estate.controls.map((control) => [control.control_id, control.title]));
}
