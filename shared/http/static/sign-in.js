// The form of a sign-in: address and password, then the second factor.

import { h, show } from "./dom.js";
import { problemView } from "./problem.js";
import { answerChallenge, logIn } from "./session.js";

let names = 0;

function field(label, attributes) {
  names += 1;
  const id = `sign-in-${names}`;
  return h("div", { class: "field" }, h("label", { for: id }, label), h("input", { id, required: true, ...attributes }));
}

// A form whose button waits for the answer; `send` gets the values.
function form(fields, label, send) {
  const trouble = h("div");
  const button = h("button", { class: "main" }, label);
  const element = h("form", { autocomplete: "on" }, fields, trouble, button);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    show(trouble);
    try {
      await send(new FormData(element));
    } catch (error) {
      show(trouble, problemView(error));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  return element;
}

function passwordForm(place) {
  const fields = [
    field("E-mail address", { name: "email", type: "email", autocomplete: "username", spellcheck: "false" }),
    field("Password", { name: "password", type: "password", autocomplete: "current-password" }),
  ];
  return form(fields, "Sign in", async (values) => {
    const challenge = await logIn(values.get("email").trim(), values.get("password"));
    if (challenge) showCode(place, challenge);
  });
}

function showCode(place, challenge, byRecovery = false) {
  const code = byRecovery
    ? field("Recovery code", { name: "recoveryCode", autocomplete: "off", spellcheck: "false", class: "mono" })
    : field("Code of your authenticator", { name: "code", inputmode: "numeric", pattern: "[0-9]{6}", maxlength: 6, title: "Six digits", autocomplete: "one-time-code", class: "mono" });
  const answer = form([code], "Continue", (values) => answerChallenge(challenge, Object.fromEntries([...values].map(([name, value]) => [name, value.trim()]))));
  const other = h("button", { type: "button", class: "plain tight", on: { click: () => showCode(place, challenge, !byRecovery) } },
    byRecovery ? "Use the authenticator" : "Use a recovery code");
  const back = h("button", { type: "button", class: "plain tight", on: { click: () => showPassword(place) } }, "Start again");
  show(place, answer, h("p", {}, other, back));
  answer.querySelector("input").focus();
}

function showPassword(place, focus = true) {
  const element = passwordForm(place);
  show(place, element);
  if (focus) element.querySelector("input").focus();
}

export function signInForm({ focus = true } = {}) {
  const place = h("div");
  showPassword(place, false);
  if (focus) queueMicrotask(() => place.querySelector("input")?.focus());
  return place;
}
