// Schemas as people read them: what a value is, what it must keep to, and what is in it.

import { h, prose, words } from "./dom.js";

// One description out of references, `allOf`, and the `oneOf` that stands for "or null".
export function flatten(document, schema) {
  const known = schema.$ref?.split("/").at(-1);
  const own = document.resolve(schema);
  if (own.allOf) return { name: known, ...united(document, own) };
  const choices = own.oneOf ?? own.anyOf;
  if (choices) {
    const { oneOf, anyOf, ...beside } = own;
    const real = choices.filter((choice) => choice.type !== "null");
    const nullable = real.length < choices.length;
    if (real.length === 1) {
      const only = flatten(document, real[0]);
      return { ...only, ...described(beside), nullable: nullable || only.nullable };
    }
    return { ...beside, name: known, nullable, choices: real, types: [] };
  }
  const types = [own.type ?? (own.properties ? "object" : [])].flat();
  return { ...own, name: known, types: types.filter((type) => type !== "null"), nullable: types.includes("null") };
}

function described(schema) {
  return schema.description ? { description: schema.description } : {};
}

function united(document, schema) {
  const { allOf, ...beside } = schema;
  const parts = allOf.map((part) => flatten(document, part));
  const whole = Object.assign({}, ...parts, described(beside));
  whole.properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}), beside.properties ?? {});
  whole.required = [...parts.flatMap((part) => part.required ?? []), ...(beside.required ?? [])];
  if (Object.keys(whole.properties).length === 0) delete whole.properties;
  return whole;
}

export function typeText(document, view) {
  let text = view.types.join(" or ");
  if (view.choices) text = "one of several";
  else if (view.types.includes("array")) text = `list of ${itemText(document, view)}`;
  else if (view.types.length === 0) text = "any value";
  else if (view.format && view.format !== "password") text += ` (${view.format})`;
  return view.nullable ? `${text} or null` : text;
}

function itemText(document, view) {
  const item = flatten(document, view.items ?? {});
  return item.types.includes("object") || item.choices ? "objects" : typeText(document, item);
}

// Limits of a value, each a short text.
export function rules(view) {
  const range = (low, high, unit) => {
    if (low !== undefined && high !== undefined) return low === high ? `exactly ${low}${unit}` : `${low} to ${high}${unit}`;
    if (low !== undefined) return `at least ${low}${unit}`;
    return high === undefined ? null : `at most ${high}${unit}`;
  };
  const value = (given) => (typeof given === "string" ? given : JSON.stringify(given));
  return [
    view.enum ? `one of ${view.enum.map((each) => `\`${each}\``).join(", ")}` : null,
    view.const === undefined ? null : `always \`${value(view.const)}\``,
    range(view.minimum, view.maximum, ""),
    range(view.minLength, view.maxLength, " characters"),
    range(view.minItems, view.maxItems, " items"),
    view.exclusiveMinimum === undefined ? null : `more than ${view.exclusiveMinimum}`,
    view.uniqueItems ? "each once" : null,
    view.default === undefined ? null : `\`${value(view.default)}\` unless given`,
    view.pattern && (view.pattern.length <= 40 || view.example === undefined) ? `like \`${view.pattern}\`` : null,
    view.example === undefined || view.properties ? null : `such as \`${value(view.example)}\``,
  ].filter(Boolean);
}

// A value with its name: a property, a parameter, a header.
export function field(document, name, schema, { required = false, description, example } = {}) {
  const view = flatten(document, schema);
  if (example !== undefined) view.example = example;
  const about = description ?? view.description;
  const inner = view.types.includes("array") ? flatten(document, view.items ?? {}) : view;
  const limits = [...rules(view), ...(inner === view ? [] : rules(inner).map((rule) => `each ${rule}`))];
  return h("li", {},
    h("div", { class: "line" }, h("span", { class: "name" }, name), h("span", { class: "type" }, typeText(document, view)),
      required ? h("span", { class: "required" }, "required") : null),
    about ? prose(about) : null,
    limits.length > 0 ? h("p", { class: "rules" }, words(limits.join("; "))) : null,
    nested(document, inner));
}

// The fields of an object behind a switch; they are made when it is opened, so that a schema may hold itself.
function nested(document, view) {
  const properties = Object.keys(view.properties ?? {}).length;
  if (properties === 0 && !view.choices && !isMap(view)) return null;
  const label = properties > 0 ? `${properties} ${properties === 1 ? "field" : "fields"}` : "What it may be";
  const details = h("details", { class: "nested" }, h("summary", {}, label));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(contents(document, view));
  });
  return details;
}

function isMap(view) {
  return typeof view.additionalProperties === "object" && Object.keys(view.additionalProperties).length > 0;
}

// What is in a schema, one line for each field.
export function contents(document, view) {
  if (view.choices) {
    return h("ul", { class: "fields" }, view.choices.map((choice, index) => {
      const inner = flatten(document, choice);
      return field(document, inner.title ?? inner.name ?? `choice ${index + 1}`, choice);
    }));
  }
  const required = new Set(view.required ?? []);
  const byNeed = ([one], [other]) => required.has(other) - required.has(one);
  const rows = Object.entries(view.properties ?? {}).sort(byNeed)
    .map(([name, schema]) => field(document, name, schema, { required: required.has(name) }));
  if (isMap(view)) rows.push(field(document, "(any name)", view.additionalProperties));
  return h("ul", { class: "fields" }, rows);
}

// A whole schema: of a body or an answer.
export function schemaView(document, schema) {
  const view = flatten(document, schema);
  const inner = view.types.includes("array") ? flatten(document, view.items ?? {}) : view;
  const lead = view.types.includes("object") ? null : h("p", { class: "soft small" }, typeText(document, view), rules(view).map((rule) => [". ", words(rule)]));
  return [lead, contents(document, inner)];
}
