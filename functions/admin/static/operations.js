// The operations page: signs in, and shows one part at a time.

import { audit } from "./audit.js";
import { backups, partitions } from "./backups.js";
import { database } from "./database.js";
import { h, show } from "./dom.js";
import { imports } from "./imports.js";
import { outreach } from "./outreach.js";
import { overview } from "./overview.js";
import { stopAll } from "./panel.js";
import { actions, people } from "./people.js";
import { account, logOut, onChange } from "./session.js";
import { signInForm } from "./sign-in.js";
import { themeSwitch } from "./theme.js";

const PARTS = [
  ["overview", "Health", overview],
  ["database", "Database", database],
  ["imports", "Imports", imports],
  ["backups", "Backups", backups],
  ["partitions", "Partitions", partitions],
  ["outreach", "Outreach", outreach],
  ["people", "People", people],
  ["actions", "Staff actions", actions],
  ["audit", "Audit", audit],
];

const element = (id) => document.getElementById(id);
const main = element("main");
const pageTitle = document.title;
// Whose parts are shown, so that new tokens of the same person leave the page alone.
let shownFor = null;

function part() {
  const wanted = location.hash.slice(1);
  return PARTS.find(([id]) => id === wanted) ?? PARTS[0];
}

function showParts(current) {
  const links = PARTS.map(([id, label]) => h("li", {}, h("a", { href: `#${id}`, "aria-current": id === current ? "page" : undefined }, label)));
  show(element("parts"), h("ul", {}, links));
  element("parts").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" });
}

function showPart({ focus }) {
  if (location.hash === "#main") return main.focus();
  stopAll();
  const [id, label, make] = part();
  showParts(id);
  document.title = `${label} · ${pageTitle}`;
  show(main, make());
  scrollTo(0, 0);
  if (focus) main.querySelector("h1").focus();
  return undefined;
}

function showSignIn() {
  stopAll();
  document.title = pageTitle;
  show(main, h("div", { class: "card sign-in" }, h("h1", {}, "Sign in"),
    h("p", { class: "soft" }, "For staff. The sign-in ends when this page is closed or loaded anew."), signInForm()));
}

function showPage() {
  const user = account();
  if (user && user.id === shownFor) return;
  shownFor = user?.id ?? null;
  element("parts").hidden = !user;
  show(element("bar-end"), themeSwitch(), user
    ? [h("span", { class: "soft small" }, `${user.firstName} ${user.lastName}`), h("button", { type: "button", class: "tight", on: { click: logOut } }, "Sign out")]
    : null);
  if (user) showPart({ focus: true });
  else showSignIn();
}

onChange(showPage);
addEventListener("hashchange", () => { if (account()) showPart({ focus: true }); });
showSignIn();
show(element("bar-end"), themeSwitch());
