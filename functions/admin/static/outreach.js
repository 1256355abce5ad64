// Outreach to firms that are not members yet, by county and class.

import { countyMap, loadShapes } from "./county-map.js";
import { h, table } from "./dom.js";
import { number, percent } from "./format.js";
import { card, panel, tile } from "./panel.js";
import { read } from "./session.js";

// Firms that staff have got in touch with, however it went.
const reached = (row) => row.contacted + row.interested + row.notInterested + row.joined + row.doNotContact;
const share = (row) => (row.licences > 0 ? (reached(row) / row.licences) * 100 : 0);

const MEASURES = [
  ["notMembers", "Firms that are not members", (row) => row.notMembers, number],
  ["licences", "Licences", (row) => row.licences, number],
  ["members", "Members", (row) => row.members, number],
  ["reached", "Firms that were reached", reached, number],
  ["share", "Share of firms that were reached", share, percent],
  ["interested", "Interested firms", (row) => row.interested, number],
];

let measure = "notMembers";
let licenceClass = "";
let classes = null;

const COLUMNS = [
  { title: "Licences", right: true, cell: (row) => number(row.licences) },
  { title: "Members", right: true, cell: (row) => number(row.members) },
  { title: "Not members", right: true, cell: (row) => number(row.notMembers) },
  { title: "Reached", right: true, cell: (row) => number(reached(row)) },
  { title: "Interested", right: true, cell: (row) => number(row.interested) },
  { title: "Joined", right: true, cell: (row) => number(row.joined) },
];

function choice(label, options, chosen, change) {
  const id = `outreach-${label.toLowerCase().replaceAll(" ", "-")}`;
  const select = h("select", { id, "data-key": id }, options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  select.addEventListener("change", () => change(select.value));
  return h("div", { class: "field" }, h("label", { for: id }, label), select);
}

function filters(refresh) {
  return h("div", { class: "filters" },
    choice("Coloured by", MEASURES.map(([name, label]) => [name, label]), measure, (value) => { measure = value; refresh(); }),
    choice("Licence class", [["", "All classes"], ...(classes ?? []).map((name) => [name, name])], licenceClass, (value) => { licenceClass = value; refresh(); }));
}

function tiles(totals) {
  return h("div", { class: "tiles" },
    tile("Licences", number(totals.licences)),
    tile("Members", number(totals.members)),
    tile("Not members yet", number(totals.notMembers)),
    tile("Reached", number(reached(totals)), percent(share(totals))),
    tile("Interested", number(totals.interested)),
    tile("Joined", number(totals.joined)));
}

async function load() {
  const query = licenceClass ? `?${new URLSearchParams({ class: licenceClass })}` : "";
  const [report, outlines] = await Promise.all([read(`/v1/admin/reports/outreach${query}`), loadShapes()]);
  if (!licenceClass) classes = report.byClass.map((row) => row.class);
  return { report, outlines };
}

function render({ report, outlines }, refresh) {
  const [, label, value, text] = MEASURES.find(([name]) => name === measure);
  return [
    tiles(report.totals),
    card(null, filters(refresh)),
    card("By county", countyMap(outlines, { label, rows: report.byCounty, value: (row) => (row ? value(row) : null), text, columns: COLUMNS })),
    card("By licence class", table("A firm with two classes counts in both", [{ title: "Class", head: true, cell: (row) => row.class }, ...COLUMNS], report.byClass)),
  ];
}

export function outreach() {
  const part = panel({ id: "outreach", title: "Outreach", level: "h1", permission: "reports.read", load, render });
  return [part.element];
}
