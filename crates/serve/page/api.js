//! Questions to the program behind the page.

/** What a question failed with: what is wrong, and what to do. */
export class Problem extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

async function answered(response) {
  if (response.ok) return response.json();
  // The token's cookie ended: the page in its place asks for it.
  if (response.status === 401) location.reload();
  const { error } = await response.json().catch(() => ({ error: { message: `the answer was ${response.status}` } }));
  throw new Problem(error.message, error.remedy);
}

async function send(path, options) {
  try {
    return await answered(await fetch(path, options));
  } catch (problem) {
    if (problem instanceof Problem || problem.name === "AbortError") throw problem;
    throw new Problem("the program behind this page can't be reached", "start `carveout serve` again and reload the page");
  }
}

export const get = (path) => send(path, {});

export const ask = (path, body, signal) => send(path, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
  signal,
});
