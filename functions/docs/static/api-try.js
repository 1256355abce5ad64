// Sends an operation's request as it is filled in, and shows the answer.

import { flatten, rules } from "./api-schema.js";
import { exampleOf, exampleText } from "./api-example.js";
import { curlOf, isList, missing, requestOf } from "./api-request.js";
import { copyButton, h, show } from "./dom.js";
import { problemView } from "./problem.js";
import { ask, hasToken, onChange } from "./session.js";

// Longer answers are cut: no one reads on, and the page would become slow.
const LONGEST = 200_000;

let redraw = () => {};
onChange(() => redraw());

function control(document, parameter, id) {
  const view = flatten(document, parameter.schema ?? {});
  const attributes = { id, name: `${parameter.in}:${parameter.name}`, autocomplete: "off", spellcheck: "false" };
  const options = view.enum ?? (view.types[0] === "boolean" ? ["true", "false"] : null);
  if (options) return h("select", attributes, ["", ...options].map((option) => h("option", { value: option }, option === "" ? "(not sent)" : option)));
  const value = parameter.name === "Idempotency-Key" && parameter.required ? crypto.randomUUID() : firstValue(document, parameter);
  const given = parameter.example ?? view.example;
  const shown = [given === undefined ? null : String(given), ...rules(view).filter((rule) => !rule.startsWith("like"))];
  const hint = isList(parameter) ? "one, another" : shown.find(Boolean) ?? "";
  return h("input", { ...attributes, value, placeholder: hint.replaceAll("`", "") });
}

// Only what must be there is filled in.
function firstValue(document, parameter) {
  if (!parameter.required && parameter.in !== "path") return "";
  const value = parameter.example ?? exampleOf(document, parameter.schema ?? {});
  return typeof value === "string" ? value : JSON.stringify(value);
}

function inputs(document, parameters, prefix) {
  return h("div", { class: "try-fields" }, parameters.map((parameter, index) => {
    const id = `${prefix}-${index}`;
    const required = parameter.required || parameter.in === "path";
    return h("div", { class: "field" },
      h("label", { for: id }, parameter.name, required ? h("span", { class: "required" }, " *") : null),
      control(document, parameter, id));
  }));
}

async function bodyText(response) {
  const type = response.headers.get("content-type") ?? "";
  if (!/json|text|xml|calendar/.test(type)) return `${(await response.blob()).size.toLocaleString()} bytes of ${type || "an unnamed type"}`;
  const text = await response.text();
  const laid = /json/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return laid.length > LONGEST ? `${laid.slice(0, LONGEST)}\n… ${(laid.length - LONGEST).toLocaleString()} more characters` : laid;
}

async function answerView(response, took) {
  const kind = response.ok ? "good" : response.status < 500 ? "warn" : "bad";
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const body = await bodyText(response);
  return [
    h("p", {}, h("span", { class: `pill ${kind}` }, `${response.status} ${response.statusText}`.trim()), h("span", { class: "soft small" }, ` in ${Math.round(took)} ms`)),
    h("details", { class: "more" }, h("summary", {}, "Headers"), h("pre", { tabindex: 0, role: "group", "aria-label": "Headers of the answer" }, h("code", {}, headers))),
    body ? h("pre", { tabindex: 0, role: "group", "aria-label": "Body of the answer", class: "body" }, h("code", {}, body)) : h("p", { class: "soft" }, "No body."),
  ];
}

export function tryView(document, operation) {
  const plain = operation.parameters.filter((parameter) => parameter.in !== "header" || parameter.required);
  const further = operation.parameters.filter((parameter) => !plain.includes(parameter));
  const media = Object.entries(operation.body?.content ?? {})[0];
  const success = operation.answers.find((answer) => answer.status.startsWith("2"));
  const types = Object.keys(success?.content ?? {});
  const body = media ? h("textarea", { id: "try-body", rows: 10, spellcheck: "false", value: exampleText(document, media[0], media[1], { wholly: false }) ?? "" }) : null;
  const accept = types.length > 1 ? h("select", { id: "try-accept" }, types.map((type) => h("option", { value: type }, type))) : null;
  const curl = h("code");
  const note = h("span", { class: "soft small" });
  const answer = h("div", { "aria-live": "polite" });
  const button = h("button", { class: "main" }, "Send");
  const form = h("form", { class: "try" },
    plain.length > 0 ? inputs(document, plain, "try") : null,
    further.length > 0 ? h("details", { class: "more" }, h("summary", {}, "Further headers"), inputs(document, further, "try-header")) : null,
    body ? h("div", { class: "field" }, h("label", { for: "try-body" }, "Body"), body) : null,
    h("div", { class: "send" }, button, accept ? [h("label", { for: "try-accept" }, "as"), accept] : null, note),
    h("div", {}, h("div", { class: "titled" }, h("h3", {}, "curl"), copyButton(() => curl.textContent)), h("pre", { tabindex: 0, role: "group", "aria-label": "Command" }, curl)),
    answer);
  const values = () => Object.fromEntries(new FormData(form));
  const request = () => requestOf(operation, values(), { body: body?.value, bodyType: media?.[0], accept: accept?.value });
  redraw = () => {
    const wanted = operation.access.kind !== "good";
    curl.textContent = curlOf(request(), location.origin, operation.access.kind === "warn" || (wanted && hasToken()));
    note.textContent = operation.access.kind === "warn" && !hasToken() ? "You have not signed in yet." : operation.method === "get" ? "" : "This changes what is stored.";
  };
  form.addEventListener("input", () => redraw());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const lacking = missing(operation, values());
    if (lacking.length > 0) return show(answer, h("p", { class: "problem" }, `Fill in: ${lacking.join(", ")}.`));
    const { path, ...options } = request();
    button.setAttribute("aria-disabled", "true");
    const began = performance.now();
    try {
      const response = await ask(path, options);
      show(answer, await answerView(response, performance.now() - began));
    } catch (error) {
      show(answer, problemView(error));
    } finally {
      button.removeAttribute("aria-disabled");
    }
    return undefined;
  });
  redraw();
  return form;
}
