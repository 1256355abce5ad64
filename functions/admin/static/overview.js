// Health at a glance: what every check says, how the main ones moved, and the last run of each job.

import { chart } from "./chart.js";
import { h, table } from "./dom.js";
import { ago, coarse, inUnit, title } from "./format.js";
import { card, instant, panel, state } from "./panel.js";
import { read } from "./session.js";

const MAIN = ["pool-use", "cache-hits", "replica-lag", "outbox-backlog"];
const RANGES = [["6", "6 hours"], ["24", "24 hours"], ["168", "7 days"], ["720", "30 days"]];
const EVERY = 30_000;

let hours = "24";
let chosen = [...MAIN];

function banner(health) {
  const alerts = health.checks.filter((check) => check.status === "ALERT");
  const age = health.measuredAt ? `measured ${ago(health.measuredAt)}` : "never measured";
  if (health.status === "STALE") {
    return h("div", { class: "banner warn" }, h("strong", {}, "Nobody has looked for a while."), h("span", { class: "small" }, `What stands here was ${age}. See whether the function health runs.`));
  }
  if (alerts.length === 0) {
    return h("div", { class: "banner good" }, h("strong", {}, "All is well."), h("span", { class: "small" }, `${health.checks.length} checks, ${age}`));
  }
  const names = alerts.map((check) => title(check.name)).join(", ");
  return h("div", { class: "banner bad" }, h("strong", {}, `${alerts.length} ${alerts.length === 1 ? "check needs" : "checks need"} somebody: ${names}.`), h("span", { class: "small" }, age));
}

function limitText(check) {
  if (check.direction === "NONE" || check.threshold === null) return "–";
  return `${check.direction === "BELOW" ? "at least" : "at most"} ${inUnit(check.threshold, check.unit)}`;
}

function subjects(check) {
  const named = check.subjects.filter((subject) => subject.subject && (subject.alertSince || check.status !== "OK"));
  if (named.length === 0) return null;
  const rest = named.length - 3;
  return h("div", { class: "small soft" }, named.slice(0, 3).map((subject) => `${subject.subject} ${inUnit(subject.value, check.unit)}`).join("; "), rest > 0 ? ` and ${rest} more` : "");
}

function checks(health, redraw) {
  const order = { ALERT: 0, UNKNOWN: 1, OK: 2 };
  const sorted = [...health.checks].sort((one, other) => order[one.status] - order[other.status] || one.name.localeCompare(other.name));
  const toggle = (check) => {
    const on = chosen.includes(check.name);
    const flip = () => {
      chosen = on ? chosen.filter((name) => name !== check.name) : [check.name, ...chosen];
      redraw();
    };
    return h("button", { type: "button", class: "tight", "aria-pressed": String(on), "data-key": `plot-${check.name}`, "aria-label": `${on ? "Hide" : "Plot"} ${title(check.name)}`, on: { click: flip } }, on ? "Hide" : "Plot");
  };
  return table("Every check, what needs somebody first", [
    { title: "Check", head: true, cell: (check) => [title(check.name), h("div", { class: "small soft" }, check.meaning), subjects(check)] },
    { title: "State", cell: (check) => [state(check.status), check.since ? h("div", { class: "small soft" }, "since ", instant(check.since)) : null] },
    { title: "Value", right: true, cell: (check) => inUnit(check.value, check.unit) },
    { title: "Should be", right: true, cell: limitText },
    { title: "Plot", right: true, cell: toggle },
  ], sorted, "Nothing has been measured yet.");
}

function jobs(health) {
  const length = (job) => (job.finishedAt ? coarse((new Date(job.finishedAt) - new Date(job.startedAt)) / 1000) : "still running");
  return table("The last run of each job", [
    { title: "Job", head: true, cell: (job) => [title(job.job), job.error ? h("div", { class: "small soft" }, job.error) : null] },
    { title: "State", cell: (job) => state(job.state) },
    { title: "Began", cell: (job) => instant(job.startedAt, ago(job.startedAt)) },
    { title: "Took", right: true, cell: length },
  ], health.jobs, "No job has run yet.");
}

async function histories() {
  const from = new Date(Date.now() - Number(hours) * 3600_000).toISOString();
  return Promise.all(chosen.map((name) => read(`/v1/admin/health/history?${new URLSearchParams({ check: name, from })}`)));
}

function plots(found, checksByName) {
  return h("div", { class: "side-by-side" }, found.map((data) => {
    const name = data.name.replace(/^health\./, "");
    const check = checksByName.get(name);
    return h("div", { class: "card" }, chart({ label: title(name), key: name, data: { ...data, unit: check?.unit ?? data.unit }, threshold: check?.threshold ?? null }));
  }));
}

function rangeSwitch(refresh) {
  const select = h("select", { class: "tight", "aria-label": "Time shown" }, RANGES.map(([value, label]) => h("option", { value, selected: value === hours }, label)));
  select.addEventListener("change", () => {
    hours = select.value;
    refresh();
  });
  return select;
}

export function overview() {
  const range = rangeSwitch(() => health.refresh());
  const health = panel({
    id: "health", title: "Health", level: "h1", permission: "system.read", controls: range,
    load: async () => {
      const report = await read("/v1/admin/health");
      chosen = chosen.filter((name) => report.checks.some((check) => check.name === name));
      return { report, found: await histories() };
    },
    render: ({ report, found }, refresh) => [
      banner(report),
      plots(found, new Map(report.checks.map((check) => [check.name, check]))),
      card("Checks", checks(report, refresh)),
      card("Jobs", jobs(report)),
    ],
    again: () => EVERY,
    announce: ({ report }) => `Health: ${report.status === "OK" ? "all is well" : report.status.toLowerCase()}`,
  });
  return [health.element];
}
