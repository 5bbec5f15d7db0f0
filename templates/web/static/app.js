// Improvements of pages that work without them: local times, "/" for search, search as you type, copy link,
// and a question before unsaved words are left behind. Nothing here is needed to read or to act.
"use strict";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n) => String(n).padStart(2, "0");

function localTimes(root) {
  for (const element of root.querySelectorAll("time[data-local]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const day = `${at.getDate()} ${MONTHS[at.getMonth()]}`;
    const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
    element.textContent = element.dataset.local === "short" ? `${day}, ${clock}` : `${day} ${at.getFullYear()}, ${clock}`;
  }
}

function slashFocusesSearch() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector("[data-find]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

function searchAsYouType() {
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  let timer = 0;
  let asked = 0;
  const refresh = async () => {
    const turn = ++asked;
    const fields = [...new FormData(form)].filter(([, value]) => value);
    const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok || turn !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("results");
    if (!found) return;
    document.getElementById("results").replaceWith(found);
    localTimes(found);
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh().catch(() => {}), 200);
  });
}

function copyLinks() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.textContent;
      await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = words; }, 1500);
    });
  }
}

function guardUnsavedWords() {
  const form = document.querySelector("form[data-guard]");
  if (!form) return;
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

localTimes(document);
slashFocusesSearch();
searchAsYouType();
copyLinks();
guardUnsavedWords();
