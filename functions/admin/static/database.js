// The server as it is now: connections, cache, slow statements, replicas, sizes.

import { h, table } from "./dom.js";
import { ago, bytes, duration, milliseconds, number, percent } from "./format.js";
import { card, instant, panel, state, tile } from "./panel.js";
import { read } from "./session.js";

const EVERY = 15_000;

function tiles(server) {
  const { transactions, longestTransaction: longest } = server;
  const ended = transactions.committed + transactions.rolledBack;
  const share = (server.connectionCount / server.maxConnections) * 100;
  return h("div", { class: "tiles" },
    tile("Connections", `${number(server.connectionCount)} of ${number(server.maxConnections)}`, percent(share), share > 80),
    tile("Found in the cache", percent(server.cacheHitPercent), "of all blocks read", server.cacheHitPercent !== null && server.cacheHitPercent < 90),
    tile("Longest transaction", longest ? duration(longest.seconds) : "none", longest ? `${longest.role}, ${longest.state}` : null, (longest?.seconds ?? 0) > 3600),
    tile("Waiting for a lock", number(server.blocked), "statements", server.blocked > 0),
    tile("Rolled back", percent(ended > 0 ? (transactions.rolledBack / ended) * 100 : null), `${number(transactions.deadlocks)} deadlocks`),
    tile("Size", bytes(server.sizes.databaseBytes), server.sizes.walBytes === null ? null : `and ${bytes(server.sizes.walBytes)} of WAL`));
}

function connections(server) {
  return table("Connections by role, function and state", [
    { title: "Role", head: true, cell: (row) => row.role },
    { title: "Function", cell: (row) => row.application || "–" },
    { title: "State", cell: (row) => row.state },
    { title: "Count", right: true, cell: (row) => number(row.count) },
  ], server.connections, "Nobody is connected.");
}

function replicas(server) {
  return table("Replicas, as the primary sees them", [
    { title: "Replica", head: true, cell: (row) => row.name },
    { title: "State", cell: (row) => state(row.state) },
    { title: "Behind", right: true, cell: (row) => duration(row.lagSeconds) },
    { title: "Bytes behind", right: true, cell: (row) => bytes(row.lagBytes) },
  ], server.replicas, "No replica streams from the primary.");
}

function statements(server) {
  if (server.statements === null) {
    return h("p", { class: "soft" }, "The extension pg_stat_statements is not there, so statements are not counted.");
  }
  return table("Statements that took the most time in all", [
    { title: "Statement", head: true, cell: (row) => h("code", { class: "query" }, row.query) },
    { title: "Role", cell: (row) => row.role },
    { title: "Calls", right: true, cell: (row) => number(row.calls) },
    { title: "Mean", right: true, cell: (row) => milliseconds(row.meanMs) },
    { title: "Longest", right: true, cell: (row) => milliseconds(row.maxMs) },
    { title: "In all", right: true, cell: (row) => milliseconds(row.totalMs) },
    { title: "Rows", right: true, cell: (row) => number(row.rows) },
    { title: "From cache", right: true, cell: (row) => percent(row.hitPercent) },
  ], server.statements, "No statement has been counted yet.");
}

function sizes(server) {
  return table("The largest tables", [
    { title: "Table", head: true, cell: (row) => row.table },
    { title: "Rows", right: true, cell: (row) => number(row.rows) },
    { title: "Table", right: true, cell: (row) => bytes(row.tableBytes) },
    { title: "Indexes", right: true, cell: (row) => bytes(row.indexBytes) },
    { title: "Dead rows", right: true, cell: (row) => `${number(row.deadRows)} (${percent(row.deadPercent)})` },
    { title: "Vacuumed", cell: (row) => instant(row.lastVacuum, ago(row.lastVacuum)) },
    { title: "Analyzed", cell: (row) => instant(row.lastAnalyze, ago(row.lastAnalyze)) },
  ], server.sizes.tables);
}

export function database() {
  const part = panel({
    id: "database", title: "Database", level: "h1", permission: "system.read",
    load: () => read("/v1/admin/database"),
    render: (server) => [
      h("p", { class: "soft" }, `PostgreSQL ${server.version}, up since `, instant(server.startedAt), "."),
      tiles(server),
      card("Slow statements", statements(server)),
      h("div", { class: "side-by-side" }, card("Connections", connections(server)), card("Replicas", replicas(server))),
      card("Tables", sizes(server)),
    ],
    again: () => EVERY,
  });
  return [part.element];
}
