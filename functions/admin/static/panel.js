// A part of the page: it reads from the API, shows what came, says when that was, and reads again.

import { h, show } from "./dom.js";
import { exactly } from "./format.js";
import { asProblem, problemView } from "./problem.js";
import { may } from "./session.js";

let running = [];
let spoken = "";

// Told to those who listen rather than look; the same twice is told once.
export function say(text) {
  if (!text || text === spoken) return;
  spoken = text;
  document.getElementById("said").textContent = text;
}

// Ends what reads again by itself, when another part is shown.
export function stopAll() {
  for (const panel of running) panel.stop();
  running = [];
}

export function instant(text, label = exactly(text)) {
  return text ? h("time", { datetime: text, title: exactly(text) }, label) : "–";
}

// What is open, where the keys are, and reasons that were begun stay as they were when the contents are made anew.
function keeping(element, redraw) {
  const open = new Set([...element.querySelectorAll("details[data-key][open]")].map((each) => each.dataset.key));
  const focused = element.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null;
  const scrolled = new Map([...element.querySelectorAll(".scroll")].map((each, index) => [index, [each.scrollLeft, each.scrollTop]]));
  const reasons = new Map([...element.querySelectorAll("form[data-reason] input")].map((each) => [each.id, each.value]));
  redraw();
  for (const each of element.querySelectorAll("form[data-reason] input")) each.value = reasons.get(each.id) ?? "";
  for (const each of element.querySelectorAll("details[data-key]")) if (open.has(each.dataset.key)) each.open = true;
  for (const [index, each] of [...element.querySelectorAll(".scroll")].entries()) {
    if (scrolled.has(index)) [each.scrollLeft, each.scrollTop] = scrolled.get(index);
  }
  if (!focused) return;
  const again = element.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  (again?.tagName === "DETAILS" ? again.querySelector("summary") : again)?.focus({ preventScroll: true });
}

// Whether somebody is at a form, has begun to fill one in that asks for a reason, or waits for what they have sent.
function isWriting(element) {
  return element.querySelector("form :focus, form[aria-busy=true]") !== null
    || [...element.querySelectorAll("form[data-reason] input")].some((input) => input.value !== "");
}

// load() gives what render(data) makes contents of; again(data) says in how many milliseconds to read anew, null for not at all.
export function panel({ id, title, level = "h2", permission, load, render, again = () => null, announce = () => null, controls = null }) {
  const updated = h("span", { class: "soft small", "data-updated": id });
  const trouble = h("div");
  const body = h("div", { class: "body" });
  const button = h("button", { type: "button", class: "tight" }, "Refresh");
  const head = h("div", { class: "panel-head" }, h(level, { id: `${id}-title`, tabindex: level === "h1" ? -1 : undefined }, title),
    h("div", { class: "end" }, controls, updated, button));
  const element = h("section", { class: "panel", id: `panel-${id}`, "aria-labelledby": `${id}-title` }, head, trouble, body);
  let timer = null;
  let stopped = false;
  let turn = 0;

  async function refresh() {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    element.setAttribute("aria-busy", "true");
    let next = null;
    try {
      const data = await load();
      if (stopped || mine !== turn) return;
      keeping(element, () => show(body, render(data, refresh)));
      show(trouble);
      updated.textContent = `Read at ${new Date().toLocaleTimeString("en-US")}`;
      element.dataset.state = "ready";
      say(announce(data));
      next = again(data);
    } catch (error) {
      if (stopped || mine !== turn) return;
      next = fail(error);
    }
    element.removeAttribute("aria-busy");
    if (next !== null) timer = setTimeout(tick, next);
  }

  // A hidden page asks for nothing, and nobody's words are taken away while they write, nor the place where the answer will stand.
  function tick() {
    if (document.hidden || isWriting(body)) timer = setTimeout(tick, 2000);
    else refresh();
  }

  // Refused with the permission at hand, it is something else that is missing, such as a second factor: the problem says what.
  function fail(error) {
    const { status } = asProblem(error);
    if (status === 403) show(body);
    const isLacking = status === 403 && permission && !may(permission);
    show(trouble, isLacking ? lacking(title, permission) : problemView(error, `${title} could not be read.`));
    element.dataset.state = isLacking ? "lacking" : "failed";
    if (!(error instanceof TypeError) && status === undefined) console.error(error);
    return status === undefined || status >= 500 ? 15_000 : null;
  }

  button.addEventListener("click", refresh);
  running.push({ stop: () => { stopped = true; clearTimeout(timer); } });
  if (permission && !may(permission)) {
    show(trouble, lacking(title, permission));
    element.dataset.state = "lacking";
    head.querySelector(".end").hidden = true;
  } else {
    show(body, h("p", { class: "soft" }, "Reading …"));
    refresh();
  }
  return { element, refresh };
}

function lacking(title, permission) {
  return h("div", { class: "problem mild" }, h("p", {}, h("strong", {}, `${title} is not for you.`)),
    h("p", {}, "It takes the permission ", h("code", {}, permission ?? "of another role"), ", which an administrator gives by a role."));
}

export function tile(label, figure, note, bad = false) {
  return h("div", { class: bad ? "tile bad" : "tile" }, h("p", { class: "label" }, label), h("p", { class: "figure" }, figure), note ? h("p", { class: "note" }, note) : null);
}

export function card(heading, ...children) {
  return h("div", { class: "card" }, heading ? h("h2", {}, heading) : null, children);
}

const KINDS = {
  OK: "good", COMPLETED: "good", PROVEN: "good", streaming: "good", ALERT: "bad", FAILED: "bad", STALE: "warn", UNKNOWN: "warn",
  RUNNING: "info", LOADING: "info", MERGING: "info", QUEUED: "info", STORED: "info",
};

export function state(name) {
  return h("span", { class: `pill ${KINDS[name] ?? ""}` }, name.charAt(0) + name.slice(1).toLowerCase().replaceAll("_", " "));
}

// Asks for the reason that every change by staff takes, and sends; the answer is told beside the form.
export function reasonForm(key, label, send) {
  const id = `reason-${key}`;
  const trouble = h("div");
  const input = h("input", { id, required: true, maxlength: 500, autocomplete: "off" });
  const button = h("button", {}, label);
  const form = h("form", { class: "filters", "data-reason": key },
    h("div", { class: "field" }, h("label", { for: id }, "Reason"), input), button, trouble);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    form.setAttribute("aria-busy", "true");
    show(trouble);
    try {
      await send(input.value.trim());
      input.value = "";
    } catch (error) {
      show(trouble, problemView(error));
    } finally {
      button.removeAttribute("aria-disabled");
      form.removeAttribute("aria-busy");
    }
  });
  return h("details", { class: "more", "data-key": key }, h("summary", {}, `${label} …`), form);
}
