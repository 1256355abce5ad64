// The audit: who changed what, with what stood there before and after.

import { h, show, table } from "./dom.js";
import { exactly, title } from "./format.js";
import { growing } from "./list.js";
import { instant, panel } from "./panel.js";
import { read } from "./session.js";

const PAGE = 25;
const WORDS = { INSERT: ["made", "good"], UPDATE: ["changed", "info"], DELETE: ["deleted", "bad"] };

let filter = { table: "", rowId: "", operation: "", requestId: "" };

function plainValue(value) {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

// One line for each column that stands in either.
export function difference(before, after) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  return names.map((name) => ({ name, was: plainValue(before?.[name]), is: plainValue(after?.[name]) }));
}

function differenceTable(entry) {
  const rows = difference(entry.before, entry.after);
  const view = table(`Before and after, ${entry.table} ${entry.rowId}`, [
    { title: "Column", head: true, cell: (row) => row.name },
    { title: "Before", cell: (row) => row.was },
    { title: "After", cell: (row) => row.is },
  ], rows, "No column is shown.");
  view.classList.add("difference");
  for (const [index, each] of [...view.querySelectorAll("tbody tr")].entries()) {
    const [was, is] = each.querySelectorAll("td");
    if (rows[index]?.was !== "") was?.classList.add("was");
    if (rows[index]?.is !== "" && is) is.classList.add("is");
  }
  return view;
}

function who(entry) {
  if (!entry.actor) return `the database role ${entry.databaseRole}`;
  return entry.actor.name ?? entry.actor.id;
}

function record(entry) {
  const [word, kind] = WORDS[entry.operation] ?? [entry.operation.toLowerCase(), ""];
  if (entry.isWithheld) return recorded(entry, word, kind, h("p", { class: "small" }, "What stood there is for those who may see such rows."));
  const columns = difference(entry.before, entry.after).length;
  const details = h("details", { class: "more", "data-key": `audit-${entry.id}` },
    h("summary", {}, `Before and after (${columns} ${columns === 1 ? "column" : "columns"})`));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(differenceTable(entry));
  });
  return recorded(entry, word, kind, details);
}

function recorded(entry, word, kind, details) {
  return h("li", { class: "card record", "data-audit": entry.id },
    h("div", { class: "top" }, h("strong", {}, title(entry.table)), h("span", { class: `pill ${kind}` }, word), h("span", {}, `by ${who(entry)}`),
      h("span", { class: "soft small" }, instant(entry.at, exactly(entry.at)))),
    h("p", { class: "small soft" }, "Row ", h("code", {}, entry.rowId), entry.application ? ` through ${entry.application}` : "",
      entry.requestId ? [", request ", h("code", {}, entry.requestId)] : ""),
    details);
}

function input(label, name, attributes = {}) {
  const id = `audit-${name}`;
  return h("div", { class: "field" }, h("label", { for: id }, label), h("input", { id, name, autocomplete: "off", spellcheck: "false", value: filter[name], ...attributes }));
}

function filters(refresh) {
  const operation = h("select", { id: "audit-operation", name: "operation" },
    [["", "Any"], ["INSERT", "Made"], ["UPDATE", "Changed"], ["DELETE", "Deleted"]].map(([value, label]) => h("option", { value, selected: value === filter.operation }, label)));
  const form = h("form", { class: "filters card" }, input("Table", "table", { placeholder: "users" }), input("Row", "rowId", { placeholder: "id; with a table" }),
    h("div", { class: "field" }, h("label", { for: "audit-operation" }, "What was done"), operation),
    input("Request", "requestId", { placeholder: "id of a request" }), h("button", { class: "main" }, "Search"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    filter = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    refresh();
  });
  return form;
}

function address(cursor) {
  const wanted = Object.entries(filter).filter(([, value]) => value !== "");
  return `/v1/admin/audit?${new URLSearchParams([...wanted, ["limit", PAGE], ...(cursor ? [["cursor", cursor]] : [])])}`;
}

export function audit() {
  const place = h("div");
  const part = panel({
    id: "audit", title: "Audit", level: "h1", permission: "audit.read",
    load: () => read(address(null)),
    render: (page) => growing(page, address, record),
    announce: (page) => `${page.items.length} entries of the audit`,
  });
  if (part.element.dataset.state !== "lacking") {
    show(place, filters(part.refresh));
    part.element.querySelector(".panel-head").after(place);
  }
  return [part.element];
}
