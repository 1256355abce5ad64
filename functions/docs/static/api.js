// The API page: reads /v1/openapi.json and shows it.

import { ApiDocument } from "./api-document.js";
import { methodTag, operationView } from "./api-operation.js";
import { h, prose, show, words } from "./dom.js";
import { problemOf, problemView, ProblemError } from "./problem.js";
import { account, hasToken, logOut, onChange, useToken } from "./session.js";
import { signInForm } from "./sign-in.js";
import { themeSwitch } from "./theme.js";

const element = (id) => document.getElementById(id);
const main = element("main");
const narrow = matchMedia("(max-width: 56rem)");
const title = document.title;
let api;

function heading(tag) {
  return tag.charAt(0).toUpperCase() + tag.slice(1);
}

function groupList(operations, open, current) {
  const groups = [...api.groups].map(([tag, all]) => [tag, all.filter((operation) => operations.includes(operation))]);
  return groups.filter(([, members]) => members.length > 0).map(([tag, members]) =>
    h("details", { class: "group", open: open || tag === current?.tag },
      h("summary", {}, heading(tag), h("span", { class: "soft small" }, String(members.length))),
      h("ul", {}, members.map((operation) => h("li", {},
        h("a", { href: `#${operation.id}`, title: operation.summary, "aria-current": operation === current ? "page" : undefined },
          methodTag(operation.method), h("span", { class: "path" }, operation.path.replace(/^\/v1/, ""))))))));
}

function listOperations() {
  const text = element("search").value.trim();
  const found = text ? api.search(text) : api.operations;
  show(element("groups"), groupList(found, text !== "", api.find(location.hash.slice(1))));
  element("found").textContent = text ? `${found.length} of ${api.operations.length} operations` : "";
}

function homeView() {
  const { info } = api.json;
  return [
    h("h1", { tabindex: -1 }, info.title),
    prose(info.description ?? "", { class: "lead" }),
    h("dl", { class: "facts" },
      h("dt", {}, "Version"), h("dd", {}, info.version),
      h("dt", {}, "Address"), h("dd", {}, h("code", {}, location.origin)),
      h("dt", {}, "Document"), h("dd", {}, h("a", { href: "/v1/openapi.json" }, "/v1/openapi.json"), ` (OpenAPI ${api.json.openapi})`),
      h("dt", {}, "Errors"), h("dd", {}, h("a", { href: "/v1/problems" }, "Every kind of problem"), ", what leads to it and what to do"),
      h("dt", {}, "Sign-in"), h("dd", {}, words("`POST /v1/auth/login` gives an access token; send it as `Authorization: Bearer`")),
      h("dt", {}, "Map"), h("dd", {}, h("a", { href: "/v1/docs/map" }, "Projects and contractors on a map"))),
    [...api.groups].map(([tag, operations]) => h("section", { class: "index" }, h("h2", {}, heading(tag)),
      h("ul", {}, operations.map((operation) => h("li", {}, h("a", { href: `#${operation.id}` },
        methodTag(operation.method), h("span", { class: "path" }, operation.path), h("span", {}, words(operation.summary)))))))),
  ];
}

function showPage({ focus = true } = {}) {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id === "main") return;
  const operation = api.find(id);
  const gone = id && !operation ? h("p", { class: "problem", role: "alert" }, `There is no operation ${id}; these are all.`) : null;
  show(main, gone, operation ? operationView(api, operation) : homeView());
  document.title = operation ? `${operation.id} · ${title}` : title;
  listOperations();
  if (narrow.matches) element("menu").open = false;
  scrollTo(0, 0);
  if (focus) main.querySelector("h1").focus();
}

function tokenForm(dialog) {
  const input = h("input", { id: "token", type: "password", autocomplete: "off", spellcheck: "false" });
  const form = h("form", {}, h("div", { class: "field" }, h("label", { for: "token" }, "Or an access token"), input), h("button", {}, "Use it"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    useToken(input.value.trim());
    dialog.close();
  });
  return form;
}

function openSignIn() {
  const dialog = element("sign-in");
  show(dialog,
    h("div", { class: "titled" }, h("h2", { id: "sign-in-title" }, "Sign in"), h("button", { type: "button", class: "plain tight", "aria-label": "Close", on: { click: () => dialog.close() } }, "✕")),
    h("p", { class: "soft small" }, "Kept until this page is closed, and nowhere else."),
    signInForm(), h("hr"), tokenForm(dialog));
  dialog.showModal();
}

function showBar() {
  const user = account();
  const who = user ? `${user.firstName} ${user.lastName}` : "with a token";
  show(element("bar-end"), themeSwitch(), hasToken()
    ? [h("span", { class: "soft small" }, `Signed in: ${who}`), h("button", { type: "button", class: "tight", on: { click: logOut } }, "Sign out")]
    : h("button", { type: "button", class: "tight", on: { click: openSignIn } }, "Sign in"));
}

onChange(() => {
  if (account()) element("sign-in").close();
  showBar();
});
element("search").addEventListener("input", listOperations);
addEventListener("hashchange", () => showPage());
addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  event.preventDefault();
  element("menu").open = true;
  element("search").focus();
});

showBar();
element("menu").open = !narrow.matches;
narrow.addEventListener("change", () => { element("menu").open = !narrow.matches; });
try {
  const response = await fetch("/v1/openapi.json");
  if (!response.ok) throw new ProblemError(await problemOf(response));
  api = new ApiDocument(await response.json());
  showPage({ focus: false });
} catch (error) {
  show(main, problemView(error, "The description of the API could not be loaded."));
}
