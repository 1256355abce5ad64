// Imports of licence files, with their progress while they run, what they rejected, and their undoing.

import { h, show, table } from "./dom.js";
import { ago, bytes, coarse, number, percent, title } from "./format.js";
import { instant, panel, reasonForm, state } from "./panel.js";
import { problemView } from "./problem.js";
import { change, read } from "./session.js";

const RUNNING = ["QUEUED", "LOADING", "MERGING"];
const OFTEN = 2000;
const SELDOM = 30_000;

// Rejected rows that were read, by run and count: reading the list anew does not read them again.
const readRejects = new Map();

function isMoving(run) {
  return RUNNING.includes(run.state) || (run.undo.requestedAt !== null && run.state === "COMPLETED");
}

function progress(run) {
  if (!RUNNING.includes(run.state)) return null;
  const { progress: now } = run;
  const label = `Progress of ${run.objectKey}`;
  const known = now.percent !== null;
  return [
    h("progress", { max: 100, value: known ? now.percent : undefined, "aria-label": label }),
    h("p", { class: "figures" },
      h("span", {}, known ? percent(now.percent) : "Size not known yet"),
      h("span", {}, now.bytesTotal === null ? bytes(now.bytesRead) : `${bytes(now.bytesRead)} of ${bytes(now.bytesTotal)}`),
      h("span", {}, `${number(now.rowsRead)} rows`),
      now.rowsPerSecond === null ? null : h("span", {}, `${number(now.rowsPerSecond)} rows a second`),
      now.secondsLeft === null ? null : h("span", {}, `about ${coarse(now.secondsLeft)} left`)),
  ];
}

function figures(rows) {
  const shown = [["read", "read"], ["inserted", "new"], ["updated", "changed"], ["unchanged", "as they were"], ["removed", "gone from the file"],
    ["restored", "back in the file"], ["rejected", "rejected"], ["removalsRefused", "removals refused"]];
  return h("p", { class: "figures" }, shown.filter(([name]) => name === "read" || rows[name] > 0)
    .map(([name, label]) => h("span", {}, `${number(rows[name])} ${label}`)));
}

function rejects(run) {
  if (run.rows.rejected === 0) return null;
  const details = h("details", { class: "more", "data-key": `rejects-${run.id}` }, h("summary", {}, `${number(run.rows.rejected)} rejected ${run.rows.rejected === 1 ? "row" : "rows"}`));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.childElementCount > 1) return;
    const key = `${run.id} ${run.rows.rejected}`;
    const known = readRejects.get(key);
    const place = known ?? h("div", {}, h("p", { class: "soft" }, "Reading …"));
    details.append(place);
    if (known) return;
    readRejects.set(key, place);
    try {
      const page = await read(`/v1/admin/imports/${encodeURIComponent(run.id)}/rejects?limit=50`);
      const caption = page.nextCursor ? `The first ${page.items.length} rejected rows` : "Rejected rows";
      show(place, table(caption, [
        { title: "Line", right: true, cell: (row) => number(row.line) },
        { title: "Why", cell: (row) => row.reason },
        { title: "Record", cell: (row) => h("code", {}, row.record) },
      ], page.items));
    } catch (error) {
      readRejects.delete(key);
      show(place, problemView(error, "The rejected rows could not be read."));
    }
  });
  return details;
}

function warnings(run) {
  const entries = Object.entries(run.warnings).filter(([, count]) => count > 0);
  if (entries.length === 0 && run.notes.length === 0) return null;
  return h("details", { class: "more", "data-key": `notes-${run.id}` }, h("summary", {}, "Notes and warnings"),
    h("ul", {}, run.notes.map((note) => h("li", {}, note)), entries.map(([name, count]) => h("li", {}, `${title(name.replaceAll(/([A-Z])/g, " $1"))}: ${number(count)}`))));
}

function undo(run, refresh) {
  if (run.undo.requestedAt && run.state === "COMPLETED") return h("p", { class: "soft" }, "Being undone, asked for ", instant(run.undo.requestedAt, ago(run.undo.requestedAt)), ".");
  if (run.state !== "COMPLETED" || run.dryRun) return null;
  if (!run.undo.canUndo) return run.undo.why ? h("p", { class: "small soft" }, `Cannot be undone: ${run.undo.why}.`) : null;
  return reasonForm(`undo-${run.id}`, "Undo", async (reason) => {
    await change("POST", `/v1/admin/imports/${encodeURIComponent(run.id)}/undo`, { reason });
    refresh();
  });
}

function record(run, refresh) {
  return h("li", { class: "card record", "data-import": run.id },
    h("div", { class: "top" }, h("strong", {}, run.objectKey), state(run.state), run.dryRun ? h("span", { class: "pill" }, "Dry run") : null,
      h("span", { class: "soft small" }, instant(run.createdAt), run.durationMs === null ? "" : `, took ${coarse(run.durationMs / 1000)}`)),
    progress(run) ?? figures(run.rows),
    run.error ? h("p", { class: "problem" }, run.error) : null,
    rejects(run), warnings(run), undo(run, refresh));
}

function spoken(runs) {
  const run = runs.find(isMoving);
  if (!run) return null;
  const quarter = Math.floor((run.progress.percent ?? 0) / 25) * 25;
  return `Import ${run.objectKey}: ${run.state.toLowerCase()}, ${quarter} percent or more`;
}

export function imports() {
  const part = panel({
    id: "imports", title: "Imports", level: "h1", permission: "imports.manage",
    load: async () => (await read("/v1/admin/imports?limit=20")).items,
    render: (runs, refresh) => (runs.length === 0
      ? h("p", { class: "soft" }, "Nothing has been imported yet.")
      : h("ul", { class: "records" }, runs.map((run) => record(run, refresh)))),
    again: (runs) => (runs.some(isMoving) ? OFTEN : SELDOM),
    announce: spoken,
  });
  return [part.element];
}
