// A menu that the app fills while somebody types: asks, offers, holds the choice.

import { el } from "./nodes.js";
import { plain } from "./text.js";

const PAUSE_MS = 150;
let made = 0;

export function combobox(element, name, ask, chosen) {
  made += 1;
  const id = `offers-${made}`;
  const field = el("input", { class: "pick", type: "text", role: "combobox", autocomplete: "off", "aria-label": name, "aria-controls": id, "aria-expanded": "false", placeholder: plain(element.placeholder?.text ?? "Type to search") });
  const list = el("ul", { class: "offers", role: "listbox", id, "aria-label": name });
  list.hidden = true;
  const box = el("div", { class: "combo" }, field, list);
  const state = { offers: [], at: -1, timer: 0, asked: 0 };
  box.held = element.initial_option ?? null;
  field.value = plain(box.held?.text.text ?? "");
  const least = element.min_query_length ?? 3;

  async function look() {
    const mine = (state.asked += 1);
    if ([...field.value].length < least) return note(`Type ${least} or more characters`);
    note("Looking…");
    const answer = await ask(field.value).catch(() => ({ ok: false, error: "the local Slack is gone" }));
    if (mine !== state.asked) return;
    if (!answer.ok) return note(`Nothing was offered (${answer.error})`);
    state.offers = answer.options;
    if (!answer.options.length) return note("Nothing fits");
    show(answer.options.map((option, index) => offer(option, index)));
    choose(0);
  }
  function offer(option, index) {
    const pick = (event) => {
      event.preventDefault();
      take(index);
    };
    return el("li", { role: "option", id: `${id}-${index}`, on: { mousedown: pick } }, plain(option.text.text), option.description && el("small", {}, plain(option.description.text)));
  }
  function note(words) {
    state.offers = [];
    show([el("li", { class: "note" }, words)]);
  }
  function show(rows) {
    list.replaceChildren(...rows);
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }
  function hide() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  function choose(index) {
    state.at = (index + state.offers.length) % state.offers.length;
    [...list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === state.at)));
    list.children[state.at]?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `${id}-${state.at}`);
  }
  function take(index) {
    box.held = state.offers[index];
    field.value = plain(box.held.text.text);
    hide();
    chosen(box.held.value, box);
  }
  field.addEventListener("input", () => {
    box.held = null;
    clearTimeout(state.timer);
    state.timer = setTimeout(look, PAUSE_MS);
  });
  field.addEventListener("focus", () => least === 0 && list.hidden && !box.held && look());
  field.addEventListener("blur", hide);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (!list.hidden && state.offers.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      choose(state.at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && state.offers.length) {
      event.preventDefault();
      take(state.at);
    }
  });
  return box;
}
