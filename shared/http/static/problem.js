// What went wrong, in words: a problem document of the API, or no answer at all.

import { h } from "./dom.js";

export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }

  get status() {
    return this.problem.status;
  }
}

// The problem of an answer that is no success.
export async function problemOf(response) {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  try {
    const problem = await response.json();
    if (typeof problem.title === "string") return { requestId, status: response.status, ...problem };
  } catch {
    // No JSON: what stands between this page and the API has answered.
  }
  return { title: `The answer has the status ${response.status}`, status: response.status, requestId };
}

export function asProblem(error) {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof TypeError) return { title: "The API cannot be reached", detail: "Look whether this device is online; what is shown may be old." };
  return { title: "This page has failed", detail: String(error?.message ?? error) };
}

function faults(problem) {
  if (!Array.isArray(problem.errors) || problem.errors.length === 0) return null;
  return h("ul", {}, problem.errors.map((fault) => h("li", {}, h("code", {}, fault.pointer), ` ${fault.detail}`)));
}

// An element that tells it; the request's id is what support looks it up by.
export function problemView(error, lead) {
  const problem = asProblem(error);
  const mild = problem.status === 403;
  return h("div", { class: mild ? "problem mild" : "problem", role: "alert" },
    h("p", {}, h("strong", {}, lead ?? problem.title), lead ? ` ${problem.title}.` : null),
    problem.detail && problem.detail !== problem.title ? h("p", {}, problem.detail) : null,
    faults(problem),
    problem.requestId ? h("p", { class: "small soft" }, "Request ", h("code", {}, problem.requestId)) : null);
}
