// One operation in full.

import { field, schemaView } from "./api-schema.js";
import { exampleText } from "./api-example.js";
import { tryView } from "./api-try.js";
import { copyButton, h, prose, words } from "./dom.js";

const PLACES = [["path", "In the path"], ["query", "In the query"], ["header", "Headers"]];

export function methodTag(method) {
  return h("span", { class: `method ${method}` }, method === "delete" ? "DEL" : method.toUpperCase());
}

function section(title, ...parts) {
  return h("section", { class: "section" }, h("h2", {}, title), parts);
}

function parameters(document, operation) {
  return PLACES.map(([place, title]) => {
    const found = operation.parameters.filter((parameter) => parameter.in === place);
    if (found.length === 0) return null;
    return section(title, h("ul", { class: "fields" },
      found.map((parameter) => field(document, parameter.name, parameter.schema ?? {}, parameter))));
  });
}

function example(document, type, media, options) {
  const text = exampleText(document, type, media, options);
  if (!text) return null;
  return h("div", {}, h("div", { class: "titled" }, h("h3", {}, "Example"), copyButton(() => text)),
    h("pre", { tabindex: 0, role: "group", "aria-label": "Example" }, h("code", {}, text)));
}

function content(document, entries, options) {
  return Object.entries(entries ?? {}).map(([type, media]) => h("div", {},
    h("p", { class: "small" }, h("code", {}, type)),
    /json/.test(type) && media.schema ? schemaView(document, media.schema) : null,
    example(document, type, media, options)));
}

function body(document, operation) {
  if (!operation.body) return null;
  return section("Body", operation.body.description ? prose(operation.body.description) : null, content(document, operation.body.content, { wholly: true }));
}

function headers(document, answer) {
  const entries = Object.entries(answer.headers ?? {});
  if (entries.length === 0) return null;
  return h("details", { class: "nested" }, h("summary", {}, `${entries.length} headers`),
    h("ul", { class: "fields" }, entries.map(([name, header]) => field(document, name, header.schema ?? {}, { description: header.description }))));
}

// The parts are made when they are looked at: most answers are the same problems everywhere.
function answer(document, each, open) {
  const kind = each.status.startsWith("2") ? "good" : each.status.startsWith("3") ? "info" : each.status.startsWith("5") ? "bad" : "warn";
  const inside = h("div");
  const details = h("details", { class: "answer" },
    h("summary", {}, h("span", { class: `pill ${kind}` }, each.status), h("span", { class: "text" }, words(each.description ?? ""))), inside);
  const fill = () => {
    if (inside.childElementCount === 0) inside.append(...[content(document, each.content), headers(document, each)].flat().filter(Boolean));
    if (inside.childElementCount === 0) inside.append(h("p", { class: "soft" }, "No body."));
  };
  details.addEventListener("toggle", fill);
  if (open) {
    fill();
    details.open = true;
  }
  return details;
}

// Leads to the form, which lies far below where the window is narrow.
function toTry() {
  const jump = () => {
    const form = globalThis.document.querySelector(".try");
    form.scrollIntoView({ block: "center" });
    form.querySelector("input, select, textarea, button").focus({ preventScroll: true });
  };
  return h("button", { type: "button", class: "tight", on: { click: jump } }, "Try it");
}

export function operationView(document, operation) {
  const first = operation.answers.find((each) => each.status.startsWith("2"));
  return [
    h("div", { class: "operation-head" },
      h("p", { class: "soft small" }, h("a", { href: "#" }, "All operations"), ` › ${operation.tag}`),
      h("h1", { tabindex: -1 }, words(operation.summary.replace(/\.$/, ""))),
      h("div", { class: "endpoint" }, methodTag(operation.method), h("span", { class: "path" }, operation.path),
        h("span", {}, toTry(), " ", copyButton(() => location.href, "Copy link"))),
      h("p", {}, h("span", { class: `pill ${operation.access.kind}` }, operation.access.text), " ", h("code", { class: "operation-id" }, operation.id))),
    h("div", { class: "operation" },
      h("div", {}, prose(operation.description), parameters(document, operation), body(document, operation),
        section("Answers", operation.answers.map((each) => answer(document, each, each === first)))),
      h("div", { class: "tried" }, section("Try it", tryView(document, operation)))),
  ];
}
