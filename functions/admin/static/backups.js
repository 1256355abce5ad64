// Backups: how old the newest is, whether it was proven by restoring it, and the partitions beside them.

import { h, table } from "./dom.js";
import { ago, bytes, duration, number, when } from "./format.js";
import { card, instant, panel, state, tile } from "./panel.js";
import { read } from "./session.js";

const EVERY = 60_000;

function tiles({ newest, newestProven, lastDrill, alert }) {
  return h("div", { class: "tiles" },
    tile("Newest backup", newest ? `${duration(newest.ageSeconds)} old` : "none", newest ? `${when(newest.at)}, ${bytes(newest.sizeBytes)}` : null, alert !== null || !newest),
    tile("Newest proven one", newestProven ? `${duration(newestProven.ageSeconds)} old` : "none", newestProven ? "restored and compared" : "none was ever restored", !newestProven),
    tile("Last drill", lastDrill ? ago(lastDrill.startedAt) : "never", lastDrill ? lastDrill.error ?? lastDrill.state.toLowerCase() : null, lastDrill?.state === "FAILED"));
}

function list(items) {
  return table("Backups, the newest first", [
    { title: "Taken", head: true, cell: (row) => [instant(row.startedAt), row.error ? h("div", { class: "small soft" }, row.error) : null] },
    { title: "State", cell: (row) => state(row.state) },
    { title: "Age", right: true, cell: (row) => ago(row.startedAt) },
    { title: "Size", right: true, cell: (row) => bytes(row.sizeBytes) },
    { title: "Proven", cell: (row) => instant(row.provenAt) },
    { title: "Restored in", right: true, cell: (row) => duration(row.restoreSeconds) },
    { title: "Object", cell: (row) => h("code", {}, row.objectKey) },
  ], items, "There is no backup yet.");
}

function findings(row) {
  const words = [
    ...row.findings.map((found) => `${found.check}: ${number(found.value)}`),
    row.missing.length > 0 ? `missing: ${row.missing.join(", ")}` : null,
    row.defaultRows > 0 ? `${number(row.defaultRows)} rows without a partition` : null,
  ].filter(Boolean);
  return words.length > 0 ? h("span", { class: "pill bad" }, words.join("; ")) : h("span", { class: "pill good" }, "In order");
}

function parents(items) {
  return table("Tables that are kept in partitions", [
    { title: "Table", head: true, cell: (row) => row.table },
    { title: "State", cell: findings },
    { title: "Period", cell: (row) => row.period.toLowerCase() },
    { title: "Partitions", right: true, cell: (row) => number(row.partitions.length) },
    { title: "Rows", right: true, cell: (row) => number(row.rows) },
    { title: "Size", right: true, cell: (row) => bytes(row.bytes) },
    { title: "Oldest", cell: (row) => (row.oldest ?? "–").slice(0, 10) },
    { title: "Newest", cell: (row) => (row.newest ?? "–").slice(0, 10) },
    { title: "Kept", right: true, cell: (row) => (row.retentionDays === null ? "for ever" : `${number(row.retentionDays)} days`) },
    { title: "Archived", right: true, cell: (row) => (row.archives.count === 0 ? "–" : `${number(row.archives.count)} (${bytes(row.archives.bytes)})`) },
  ], items, "No table is kept in partitions.");
}

function children(row) {
  return h("details", { class: "more", "data-key": `partitions-${row.table}` }, h("summary", {}, `Partitions of ${row.table}`),
    table(`Partitions of ${row.table}`, [
      { title: "Partition", head: true, cell: (each) => each.name },
      { title: "From", cell: (each) => (each.from ?? "–").slice(0, 10) },
      { title: "Until", cell: (each) => (each.until ?? "–").slice(0, 10) },
      { title: "Rows, about", right: true, cell: (each) => number(each.rows) },
      { title: "Size", right: true, cell: (each) => bytes(each.bytes) },
    ], row.partitions));
}

export function backups() {
  const part = panel({
    id: "backups", title: "Backups", level: "h1", permission: "system.read",
    load: () => read("/v1/admin/backups?limit=20"),
    render: ({ items, summary }) => [tiles(summary), card(null, list(items)),
      h("p", { class: "soft small" }, "A drill restores the newest backup beside the database and compares: it is started as docs/restore.md says.")],
    again: () => EVERY,
  });
  return [part.element];
}

export function partitions() {
  const part = panel({
    id: "partitions", title: "Partitions", level: "h1", permission: "system.read",
    load: () => read("/v1/admin/partitions"),
    render: ({ items, lastRun }) => [
      lastRun ? h("p", { class: "soft" }, "Last seen to ", instant(lastRun.startedAt, ago(lastRun.startedAt)), " ", state(lastRun.state), lastRun.error ? ` ${lastRun.error}` : "") : h("p", { class: "soft" }, "Nothing has seen to them yet."),
      card(null, parents(items)),
      card("One by one", items.map(children)),
    ],
    again: () => EVERY,
  });
  return [part.element];
}
