// A button with a menu below it: opens by click or keyboard, arrows move in it, Escape and a click elsewhere close it.

import { el } from "./nodes.js";

export function dropdown(opener, items, look = "") {
  const list = el("div", { class: "choices", role: "menu" }, items.map((item) => row(item, () => close())));
  list.hidden = true;
  const box = el("div", { class: `more ${look}` }, opener, list);
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");

  function close(back = true) {
    if (list.hidden) return;
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (back) opener.focus();
  }
  function outside(event) {
    if (!box.contains(event.target)) close(false);
  }
  function open() {
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
    list.classList.remove("up", "end");
    const place = list.getBoundingClientRect();
    list.classList.toggle("up", place.bottom > innerHeight - 8 && place.top > innerHeight / 2);
    list.classList.toggle("end", place.right > innerWidth - 8);
    list.querySelector("button")?.focus();
  }
  opener.addEventListener("click", () => (list.hidden ? open() : close()));
  box.addEventListener("keydown", (event) => moved(event, list, close));
  box.addEventListener("focusout", (event) => event.relatedTarget && !box.contains(event.relatedTarget) && close(false));
  return box;
}

function row(item, close) {
  const choose = () => {
    close();
    item.choose();
  };
  return el("button", { type: "button", role: "menuitem", class: item.look ?? "", "aria-label": item.label, on: { click: choose } }, item.words, item.note && el("small", {}, item.note));
}

function moved(event, list, close) {
  if (event.key === "Escape" && !list.hidden) {
    event.stopPropagation();
    event.preventDefault();
    close();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || list.hidden) return;
  event.preventDefault();
  const rows = [...list.querySelectorAll("button")];
  const at = rows.indexOf(document.activeElement);
  rows[(at + step + rows.length) % rows.length]?.focus();
}
