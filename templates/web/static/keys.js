// Keys: "/" searches, "j" and "k" move, "?" shows what there is. They can be switched off, which this browser remembers.
// Keys do nothing while somebody types or a dialog is open, and nothing together with Ctrl, Alt or Meta.
"use strict";

const OFF = "deadair-keys-off";
const STOPS = ".hit h3 a, .row-link, .down-head h3 a, .part > h2[tabindex]";

function keysAreOff() {
  try { return localStorage.getItem(OFF) === "yes"; } catch { return false; }
}

function remember(off) {
  try { if (off) localStorage.setItem(OFF, "yes"); else localStorage.removeItem(OFF); } catch { /* a browser that keeps nothing */ }
}

function move(step) {
  const stops = [...document.querySelectorAll(STOPS)].filter((stop) => stop.getClientRects().length);
  if (!stops.length) return false;
  const here = stops.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.min(Math.max(here + step, 0), stops.length - 1);
  stops[next].focus({ preventScroll: true });
  stops[next].scrollIntoView({ block: stops[next].tagName === "H2" ? "start" : "nearest" });
  return true;
}

function find() {
  const field = document.querySelector("[data-find]");
  if (!field) return false;
  field.focus();
  field.select();
  return true;
}

function keys() {
  const help = document.getElementById("keys");
  if (!help || !help.showModal) return;
  const open = () => { help.showModal(); return true; };
  const does = { "/": find, j: () => move(1), k: () => move(-1), "?": open };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || help.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysAreOff()) return;
    if (Object.hasOwn(does, event.key) && does[event.key]()) event.preventDefault();
  });
  const choice = help.querySelector("[data-keys-on]");
  choice.checked = !keysAreOff();
  const show = () => document.documentElement.toggleAttribute("data-keys-off", keysAreOff());
  choice.addEventListener("change", () => { remember(!choice.checked); show(); });
  show();
  for (const button of document.querySelectorAll("button[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
}

keys();
