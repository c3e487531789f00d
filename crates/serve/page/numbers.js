//! The numbers that move: written at once after each change, and said to who listens.

import { byId, hours, make, number, plural, signed } from "./dom.js";
import { TREATMENTS } from "./words.js";

const shown = (sizing) => sizing.customer + sizing.shared + sizing.assess;
const range = ({ p10, p90 }) => `${number(p10)} – ${number(p90)}`;

const FIGURES = [
  ["pairs", (size) => size.sizing.real_size, ({ sizing }) => `of ${number(sizing.naive_size)}: ${plural(sizing.criteria, "criterion", "criteria")} × ${plural(sizing.third_parties, "party", "parties")}`],
  ["obligations", (size) => shown(size.sizing), ({ sizing }) => `and ${number(sizing.inherited)} inherited from reports`],
  ["requests", (size) => size.sizing.evidence_requests, ({ sizing }) => `${number(sizing.evidence_answered)} answered by the inventory`],
  ["assessments", (size) => size.sizing.vendor_assessments, ({ sizing }) => `and ${plural(sizing.report_reviews, "report")} to review`],
];

let last = null;

function change(id, now, then) {
  const difference = signed(now - then);
  const element = byId(`${id}-change`);
  element.textContent = difference;
  element.classList.toggle("more", now > then);
  element.title = difference ? "against the scope of the run" : "";
}

/** Places the bands on one scale that both ranges fit on. */
function scale(size, base) {
  const most = Math.max(size.percentiles.p90, base.percentiles.p90, size.sizing.hours_pert) * 1.06 || 1;
  const place = (id, from, to) => {
    const { style } = byId(id);
    style.setProperty("left", `${(from / most) * 100}%`);
    if (to != null) style.setProperty("width", `${((to - from) / most) * 100}%`);
  };
  place("hours-band", size.percentiles.p10, size.percentiles.p90);
  place("hours-base", base.percentiles.p10, base.percentiles.p90);
  place("hours-mean", size.sizing.hours_pert);
}

/** Writes the numbers of a size beside those of the run's own scope. */
export function show(size, base) {
  const { sizing, percentiles } = size;
  byId("hours").textContent = range(percentiles);
  change("hours", percentiles.p50, base.percentiles.p50);
  byId("hours-detail").textContent =
    `P10 to P90 of ${number(percentiles.draws)} draws · median ${number(percentiles.p50)} · PERT mean ${number(sizing.hours_pert)}`;
  scale(size, base);
  for (const [id, value, detail] of FIGURES) {
    byId(id).textContent = number(value(size));
    change(id, value(size), value(base));
    byId(`${id}-detail`).textContent = detail(size);
  }
  treatments(sizing);
  say(size);
}

function treatments(sizing) {
  const all = TREATMENTS.reduce((sum, [word]) => sum + sizing[word], 0) || 1;
  byId("treatments").replaceChildren(...TREATMENTS.map(([word]) =>
    make("span", { class: `treatment-${word}`, style: { "flex-grow": sizing[word] / all } })));
  byId("treatment-legend").replaceChildren(...TREATMENTS.map(([word, , label, meaning]) =>
    make("li", {}, make("span", { class: `swatch treatment-${word}`, "aria-hidden": "true" }), make("b", {}, number(sizing[word])), ` ${label}`,
      make("span", { class: "small meaning" }, meaning))));
}

/** One sentence for who does not see the numbers move. */
function say(size) {
  const { percentiles, sizing } = size;
  const difference = last ? percentiles.p50 - last.percentiles.p50 : 0;
  const moved = Math.abs(difference) < 0.5 ? "" : `, ${hours(Math.abs(difference))} ${difference > 0 ? "more" : "fewer"} than before`;
  byId("said").textContent = `${number(percentiles.p10)} to ${number(percentiles.p90)} hours${moved}. ` +
    `${plural(sizing.evidence_requests, "evidence request")}, ${plural(shown(sizing), "obligation")} to show, ` +
    `${plural(sizing.vendor_assessments, "vendor")} to assess.`;
  last = size;
}
