// The dialogs: who you are, "are you sure", and the modals that the app opens.

import { renderBlocks } from "./blocks.js";
import { missingIn, valuesOf } from "./fields.js";
import { byId, el, face } from "./nodes.js";
import { plain, textObject } from "./text.js";

export function choosePerson(world, waiting, choose) {
  const dialog = byId("people");
  const rows = [...world.people.values()].filter((person) => !person.is_bot).map((person) => {
    const news = waiting?.[person.id] ?? 0;
    const pick = () => {
      dialog.close();
      choose(person.id);
    };
    const who = el("span", { class: "who" }, person.name, el("small", {}, person.deleted ? "deactivated" : person.email || person.tz));
    return el("li", {}, el("button", { type: "button", "aria-current": person.id === world.me ? "true" : null, on: { click: pick } }, face(person), who, news > 0 && el("span", { class: "badge", "aria-label": `${news} unread direct messages` }, String(news))));
  });
  byId("people-list").replaceChildren(...(rows.length ? rows : [el("li", {}, "Nobody is here yet: the registry’s owners come in when the stack starts.")]));
  if (!dialog.open) dialog.showModal();
}

// Asks as the element's confirm dialog says; resolves to whether to go on.
export function sure(confirm, world) {
  if (!confirm) return Promise.resolve(true);
  const dialog = byId("confirm");
  byId("confirm-title").textContent = plain(confirm.title.text);
  byId("confirm-text").replaceChildren(textObject(confirm.text, world));
  byId("confirm-ends").replaceChildren(
    el("button", { class: "button", value: "no" }, plain(confirm.deny.text)),
    el("button", { class: `button ${confirm.style === "danger" ? "danger" : "primary"}`, value: "yes" }, plain(confirm.confirm.text)),
  );
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

let shownHash = null;

export function showModal(view, world, call) {
  const dialog = byId("modal");
  if (!view) {
    shownHash = null;
    if (dialog.open) dialog.close();
    return;
  }
  if (shownHash === view.id + view.hash) return;
  shownHash = view.id + view.hash;
  const trouble = el("p", { class: "trouble", role: "alert" });
  const ends = el("div", { class: "ends" }, el("button", { type: "button", class: "button", on: { click: () => call("close", {}) } }, plain(view.close?.text ?? "Cancel")), view.submit && el("button", { type: "submit", class: "button primary" }, plain(view.submit.text)));
  const form = el("form", {}, el("h2", { id: "modal-title" }, plain(view.title.text)), renderBlocks(view.blocks, world), trouble, ends);
  form.addEventListener("submit", (event) => submit(event, form, view, trouble, call));
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => {
    event.preventDefault();
    call("close", {});
  };
  if (!dialog.open) dialog.showModal();
  const wanted = view.blocks.find((block) => block.element?.focus_on_load)?.block_id;
  const fields = [...form.querySelectorAll(".input :is(input, textarea, select), .block :is(input, select)")];
  (fields.find((field) => field.closest("[data-block]")?.dataset.block === wanted) ?? fields[0] ?? ends.querySelector("button"))?.focus();
}

async function submit(event, form, view, trouble, call) {
  event.preventDefault();
  for (const note of form.querySelectorAll("[data-trouble]")) note.textContent = "";
  trouble.textContent = "";
  const missing = missingIn(form, view.blocks);
  const send = form.querySelector("button[type=submit]");
  if (send.getAttribute("aria-busy") === "true") return;
  send.setAttribute("aria-busy", "true");
  const answer = Object.keys(missing).length ? { ok: false, errors: missing } : await call("submit", { values: valuesOf(form, view.blocks) }).catch(() => ({ ok: false, error: "the local Slack is gone" }));
  send.removeAttribute("aria-busy");
  if (answer.ok) return;
  for (const [block, words] of Object.entries(answer.errors ?? {})) {
    const note = [...form.querySelectorAll("[data-trouble]")].find((node) => node.dataset.trouble === block);
    (note ?? trouble).textContent = words;
  }
  const first = form.querySelector(".input:has(.trouble:not(:empty)) :is(input, textarea, select)");
  first?.focus();
  if (!answer.errors) trouble.textContent = answer.error === "operation_timeout" ? "Deadair did not answer within three seconds. What you wrote is still here; look whether it took effect before you send it again." : `Deadair did not take it (${answer.error}). What you wrote is still here.`;
}
