//! The scoping session: wires the scenario to the numbers and the panels.

import { Problem, ask, get } from "./api.js";
import * as compare from "./compare.js";
import * as details from "./details.js";
import { byId, make, number, plural } from "./dom.js";
import * as effort from "./effort.js";
import * as gaps from "./gaps.js";
import * as heat from "./heat.js";
import * as numbers from "./numbers.js";
import * as parties from "./parties.js";
import { baseScenario, begin, change, holds, onChange, partyLists, put, rebase, replace, restart, scenario } from "./scenario.js";
import { CATEGORIES, label } from "./words.js";

/** Panels wait until the scenario has been still for a moment; the numbers do not. */
const STILL_MS = 250;
const LOOK_FOR_RUNS_MS = 15_000;
/** Measures that are kept for who wants to know how fast the numbers move. */
const MEASURES_KEPT = 500;

let estate = null;
let baseSize = null;
let asked = null;
let lastInput = 0;
let still = 0;
const stale = new Set();

// ---- Notices -------------------------------------------------------------------------------------------------------

function notice(text, remedy, action) {
  const element = make("p", { class: "notice" }, make("span", {}, text), remedy ? make("span", {}, ` ${remedy}`) : null, action,
    make("button", { type: "button", class: "dismiss", "aria-label": "Dismiss", onclick: () => element.remove() }, "✕"));
  byId("notices").append(element);
  return element;
}

function onProblem(problem) {
  if (problem.name === "AbortError") return;
  for (const old of byId("notices").querySelectorAll(".failed")) old.remove();
  const remedy = problem instanceof Problem ? problem.remedy : "reload the page";
  notice(`${problem.message}.`, remedy ? `${remedy}.` : "").classList.add("failed");
}

// ---- The scenario's form -------------------------------------------------------------------------------------------

function checkbox(name, text, hint, isOn, onChanged, attributes = {}) {
  const input = make("input", { type: "checkbox", ...attributes, onchange: () => onChanged(input.checked) });
  input.checked = isOn;
  return make("label", {}, input, ` ${text} `, make("i", {}, hint));
}

function buildForm() {
  byId("scenario").onsubmit = (event) => event.preventDefault();
  const count = (word) => estate.criteria.filter((criterion) => criterion.category === word).length;
  byId("categories").append(...CATEGORIES.map(([word, text]) => checkbox(word, text, plural(count(word), "criterion", "criteria"), false,
    (isIn) => put("categories", word, isIn), { value: word, disabled: word === "security", title: word === "security" ? "in every SOC 2 audit" : null })));
  byId("frameworks").append(...estate.frameworks.map((name) => checkbox(name, name, "", false, (isIn) => put("frameworks_in_place", name, isIn), { value: name })));
  for (const radio of byId("report-type").querySelectorAll("input")) radio.onchange = () => change((next) => { next.report_type = radio.value; });
  for (const end of ["start", "end"]) {
    byId(`period-${end}`).onchange = ({ target }) => {
      const other = byId(`period-${end === "start" ? "end" : "start"}`);
      target.setCustomValidity("");
      if (!target.value) return;
      const isReversed = end === "start" ? target.value > other.value : target.value < other.value;
      target.setCustomValidity(isReversed ? "the period would end before it starts" : "");
      if (target.reportValidity()) change((next) => { next.period = { start: byId("period-start").value, end: byId("period-end").value }; });
    };
  }
  byId("sample-level").onchange = ({ target }) => change((next) => { next.sample_level = target.value; });
  byId("name").onchange = ({ target }) => change((next) => { next.name = target.value.trim() || "session"; });
}

/** Puts the form as the scenario is. */
function reflect() {
  const now = scenario();
  byId("name").value = now.name || "";
  for (const [id, name] of [["categories", "categories"], ["frameworks", "frameworks_in_place"]]) {
    for (const input of byId(id).querySelectorAll("input")) input.checked = holds(name, input.value);
  }
  for (const radio of byId("report-type").querySelectorAll("input")) radio.checked = radio.value === now.report_type;
  for (const end of ["start", "end"]) byId(`period-${end}`).value = now.period[end];
  byId("sample-level").value = now.sample_level || "moderate";
  const overrides = now.overrides || [];
  byId("overrides").replaceChildren(...(overrides.length ? [make("h3", {}, "Decided otherwise"), make("ul", { class: "plain small" }, overrides.map((each) =>
    make("li", {}, `${[each.control, each.criterion, each.party].filter(Boolean).join(", ") || "everything"}: ${each.owner || each.treatment}. ${each.reason}`)))] : []));
  parties.reflect();
  summary();
}

/** The scenario in a line, for the screen and for paper. */
function summary() {
  const now = scenario();
  const parts = [
    now.categories.map((word) => label(CATEGORIES, word)).join(", "), now.report_type === "type1" ? "type 1" : "type 2",
    `${now.period.start} to ${now.period.end}`,
    (now.frameworks_in_place || []).length ? `${now.frameworks_in_place.join(", ")} in place` : "no framework in place",
    ...partyLists().map(([what, ids]) => `${what}: ${ids.length > 6 ? `${number(ids.length)} third parties` : ids.map(parties.nameOf).join(", ")}`),
  ];
  byId("summary").textContent = parts.join(" · ");
}

// ---- The size ------------------------------------------------------------------------------------------------------

/** Sizes the scenario and shows it; an answer that another change overtook is not shown. */
async function resize() {
  asked?.abort();
  const mine = asked = new AbortController();
  const began = lastInput;
  lastInput = 0;
  const size = await ask("/api/size", { scenario: scenario() }, mine.signal);
  if (mine !== asked) return;
  numbers.show(size, baseSize || size);
  // The numbers are on the screen before the rows of the table are written.
  requestAnimationFrame(() => {
    if (began) measure(began);
    setTimeout(() => {
      if (mine !== asked) return;
      parties.update(size);
      afterwards(size);
    });
  });
}

function measure(began) {
  if (performance.getEntriesByName("toggle").length >= MEASURES_KEPT) performance.clearMeasures("toggle");
  performance.measure("toggle", { start: began, end: performance.now() });
}

/** What may come a moment later than the numbers. */
function afterwards(size) {
  clearTimeout(still);
  for (const name of ["heat", "gaps", "effort", "compare"]) stale.add(name);
  still = setTimeout(() => {
    limits(size);
    effort.show(size);
    if (size.run_id !== estate.run.run_id) newerRun("Another window loaded a newer run.");
    refreshPanel().catch(onProblem);
  }, STILL_MS);
}

/** Coverage is part of the answer. */
function limits(size) {
  const { unread } = estate;
  byId("limits-title").textContent = `What limits this answer (${number(size.notes.length + unread.length)})`;
  byId("limits-body").replaceChildren(
    make("ul", {}, size.notes.map((note) => make("li", {}, note))),
    make("ul", { class: "places" }, unread.map((place) => make("li", { title: place.message },
      make("span", { class: "pill" }, place.status), ` ${[place.provider, place.scope_id, place.region, place.resource_type].filter((part) => part && part !== "*").join(" · ")}`))));
  byId("limits").hidden = !(size.notes.length + unread.length);
}

// ---- Panels --------------------------------------------------------------------------------------------------------

const REFRESH = { heat: heat.refresh, gaps: gaps.refresh, effort: effort.refresh, compare: compare.refresh };

const chosen = () => document.querySelector('[role="tab"][aria-selected="true"]').id.replace("tab-", "");

async function refreshPanel(name = chosen()) {
  if (!stale.has(name)) return;
  stale.delete(name);
  try {
    await REFRESH[name]();
  } catch (problem) {
    stale.add(name);
    throw problem;
  }
}

function choose(tab) {
  for (const each of document.querySelectorAll('[role="tab"]')) {
    const isChosen = each === tab;
    each.setAttribute("aria-selected", String(isChosen));
    each.tabIndex = isChosen ? 0 : -1;
    byId(each.getAttribute("aria-controls")).hidden = !isChosen;
  }
  if (tab.id === "tab-graph" && !byId("graph").firstChild) {
    byId("graph").append(make("iframe", { src: "/graph.html", title: "Graph of third parties" }));
  }
  refreshPanel().catch(onProblem);
}

function buildTabs() {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const steps = { ArrowLeft: -1, ArrowRight: 1 };
  for (const tab of tabs) {
    tab.onclick = () => choose(tab);
    tab.onkeydown = (event) => {
      const at = tabs.indexOf(tab);
      const next = event.key === "Home" ? tabs[0] : event.key === "End" ? tabs.at(-1)
        : steps[event.key] ? tabs[(at + steps[event.key] + tabs.length) % tabs.length] : null;
      if (!next) return;
      event.preventDefault();
      choose(next);
      next.focus();
    };
  }
}

// ---- Files and paper -----------------------------------------------------------------------------------------------

async function read(file) {
  const { scenario: loaded, warnings } = await ask("/api/scenario/read", { name: file.name, text: await file.text() });
  for (const warning of warnings) notice(`${file.name}: ${warning}.`);
  return loaded;
}

async function save() {
  const { file, text } = await ask("/api/scenario/write", { scenario: scenario() });
  const address = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  make("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

async function print() {
  for (const name of Object.keys(REFRESH)) await refreshPanel(name);
  byId("limits").open = true;
  window.print();
}

function buildActions() {
  byId("save").onclick = () => save().catch(onProblem);
  byId("open").onclick = () => byId("open-file").click();
  byId("open-file").onchange = (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) read(file).then(replace).catch(onProblem);
  };
  byId("restart").onclick = () => restart();
  byId("print").onclick = () => print().catch(onProblem);
}

// ---- Runs ----------------------------------------------------------------------------------------------------------

function newerRun(text) {
  if (document.querySelector(".newer")) return;
  const load = make("button", { type: "button", onclick: () => ask("/api/reload", {}).then(() => location.reload()).catch(onProblem) }, "Load it");
  notice(text, "The numbers here stay those of the run above until you do.", load).classList.add("newer");
}

async function lookForRuns() {
  const run = await get("/api/run");
  if (run.is_outdated) newerRun("A newer run was published.");
  else if (run.run_id !== estate.run.run_id || run.finished_at !== estate.run.finished_at) newerRun("Another window loaded a newer run.");
}

function showRun() {
  const { run, unread } = estate;
  byId("organization").textContent = estate.organization;
  document.title = `${estate.organization}: scoping session`;
  const when = run.finished_at ? `published ${run.finished_at.slice(0, 16).replace("T", " ")} UTC` : "";
  const missing = unread.length ? `${plural(unread.length, "place")} could not be read` : "everything could be read";
  byId("run").textContent = [run.run_id == null ? "no run" : `Run ${run.run_id}`, when, plural(run.resources, "resource"), missing].filter(Boolean).join(" · ");
}

async function start() {
  estate = await get("/api/estate");
  begin(estate.scenario);
  rebase(estate.scenario);
  showRun();
  const why = (id) => details.why(id);
  const titles = new Map(estate.controls.map((control) => [control.control_id, `${control.title}: ${control.objective}`]));
  details.build();
  buildForm();
  buildTabs();
  buildActions();
  parties.build(estate, why);
  heat.build((control, party) => details.cell(control, party, titles.get(control) || ""), onProblem);
  gaps.build(estate, why, onProblem);
  effort.build(estate);
  compare.build(read, onProblem, notice);
  for (const kind of ["change", "click"]) document.addEventListener(kind, (event) => { lastInput = event.timeStamp; }, true);
  onChange(() => {
    reflect();
    resize().catch(onProblem);
  });
  reflect();
  baseSize = await ask("/api/size", { scenario: baseScenario() });
  await resize();
  parties.update(baseSize);
  parties.arrange();
  setInterval(() => lookForRuns().catch(() => {}), LOOK_FOR_RUNS_MS);
  document.documentElement.dataset.ready = "true";
}

start().catch(onProblem);
