//! The scenario on the page: a scenario file as an object. Whatever of it the page does not show is kept as it is.

const KEPT = "carveout-scenario";
const listeners = new Set();
let current = null;
let base = null;

const copy = (value) => JSON.parse(JSON.stringify(value));

export const scenario = () => current;
export const baseScenario = () => base;

/** Calls back after each change, with the scenario. */
export const onChange = (listener) => listeners.add(listener);

function settle(next) {
  current = next;
  sessionStorage.setItem(KEPT, JSON.stringify(next));
  for (const listener of listeners) listener(next);
}

/** Begins with the scope of the run, or with what this tab had before it was reloaded. */
export function begin(scope) {
  base = copy(scope);
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    kept = null;
  }
  current = kept && kept.period ? kept : copy(base);
}

/** A run with another scope changes what the scenario is compared with, not the scenario. */
export function rebase(scope) {
  base = copy(scope);
}

export const restart = () => settle(copy(base));
export const replace = (next) => settle(copy(next));

/** Changes a copy and takes it. */
export function change(edit) {
  const next = copy(current);
  edit(next);
  settle(next);
}

const list = (from, name) => from[name] || [];

/** Whether a list of the scenario (`without`, `inclusive`, …) holds an entry. */
export const holds = (name, entry) => list(current, name).includes(entry);

/** Puts an entry into a list or takes it out. */
export function put(name, entry, isIn) {
  change((next) => {
    const others = list(next, name).filter((each) => each !== entry);
    next[name] = isIn ? [...others, entry].sort() : others;
  });
}

/** What the scenario says of third parties, as `[label, ids]`. */
export const partyLists = (from = current) => [
  ["left out", list(from, "without")], ["tested at their sites", list(from, "inclusive")],
  ["report taken as received", list(from, "assume_reports")],
].filter(([, ids]) => ids.length);

export const isTouched = (id) => ["without", "inclusive", "assume_reports"].some((name) => holds(name, id));
