// The panel that makes the local Slack fail on purpose, for people; tests use the same doors.

import { byId, el } from "./nodes.js";

const CHOICES = [
  ["none", "Nothing fails"],
  ["429", "Deadair is too fast (429)"],
  ["500", "Slack answers with 500"],
  ["hang", "Slack does not answer"],
  ["ok_false", "Slack says no (ok: false)"],
  ["gone", "Slack cannot be reached"],
  ["rate", "One message a second per channel"],
  ["tiers", "One message a second, and each method’s tier"],
  ["app_gone", "Slack does not reach Deadair"],
  ["app_lost_answer", "Deadair’s answers get lost"],
  ["app_twice", "Deadair gets everything twice"],
  ["app_forged", "Requests to Deadair are forged"],
  ["oidc_denied", "Nobody can sign in"],
  ["oidc_expired", "Signing in gives expired tokens"],
];

export function startPanel(order) {
  const dialog = byId("panel");
  const mode = el("select", { class: "pick", id: "panel-mode" }, CHOICES.map(([value, words]) => el("option", { value }, words)));
  const seconds = el("input", { class: "pick", id: "panel-seconds", type: "number", min: "1", max: "3600", value: "30" });
  const note = el("p", { class: "help", role: "status" });
  const say = (answer, words) => (note.textContent = answer.ok ? words : `It was refused (${answer.error ?? answer.detail}).`);
  const act = (door, more, words) => async () => say(await order(door, more).catch(() => ({ ok: false, error: "the local Slack is gone" })), words);
  const throwIt = async (event) => {
    event.preventDefault();
    const seconds_ = Number(seconds.value) || 30;
    const answer = await order("fail", mode.value === "none" ? { mode: "none" } : { mode: mode.value, seconds: seconds_ }).catch(() => ({ ok: true }));
    if (answer.ok) dialog.close();
    else say(answer, "");
  };
  const form = el(
    "form",
    {},
    el("h2", { id: "panel-title" }, "Failures on purpose"),
    el("p", {}, "What does Deadair do when Slack is not well? A failure ends by itself; an app that was taken away stays away until it is installed again."),
    el("label", { for: "panel-mode" }, "What"),
    mode,
    el("label", { for: "panel-seconds" }, "For how many seconds"),
    seconds,
    el("div", { class: "ends start" }, el("button", { type: "submit", class: "button primary" }, "Begin")),
    el("h3", {}, "The app"),
    el(
      "div",
      { class: "ends start" },
      el("button", { type: "button", class: "button", on: { click: act("revoke", {}, "Deadair’s token is revoked; it was told.") } }, "Revoke its token"),
      el("button", { type: "button", class: "button", on: { click: act("revoke", { uninstall: true }, "Deadair is uninstalled; it was told.") } }, "Uninstall it"),
      el("button", { type: "button", class: "button", on: { click: act("install", {}, "Deadair is installed.") } }, "Install it again"),
    ),
    note,
    el("div", { class: "ends" }, el("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Close")),
  );
  form.addEventListener("submit", throwIt);
  dialog.replaceChildren(form);
  byId("panel-open").addEventListener("click", () => dialog.showModal());
  byId("failing-stop").addEventListener("click", () => order("fail", { mode: "none" }));
}

export function showFailing(fail, dead) {
  const words = dead ? "Deadair is not installed here: its calls are refused." : fail.mode !== "none" && isOn(fail) ? `Failing on purpose: ${CHOICES.find(([value]) => value === fail.mode)?.[1] ?? fail.mode}.` : "";
  byId("failing").hidden = !words;
  byId("failing").firstElementChild.textContent = words;
  byId("failing-stop").hidden = Boolean(dead);
}

const isOn = (fail) => fail.left !== 0 && (!fail.until || new Date(fail.until) > new Date());
