// Improvements of pages that work without them: local times, copying, and a question before unsaved words are left
// behind. Nothing here is needed to read or to act. Keys are in keys.js, searching in search.js, reading in reading.js.
"use strict";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n) => String(n).padStart(2, "0");

function localTimes(root) {
  for (const element of root.querySelectorAll("time[data-local]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const day = `${at.getDate()} ${MONTHS[at.getMonth()]}`;
    const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
    const short = element.dataset.local === "short" && at.getFullYear() === new Date().getFullYear();
    element.textContent = short ? `${day}, ${clock}` : `${day} ${at.getFullYear()}, ${clock}`;
  }
}

function zoneOfTheReader() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const element of document.querySelectorAll("[data-zone]")) if (zone) element.textContent = zone;
}

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  const words = button.dataset.words || button.textContent;
  button.dataset.words = words;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = words; }, 1500);
}

function copying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy], button[data-copy-text]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const address = button.dataset.copy || button.dataset.copyText;
      if (button.dataset.copy) return copy(new URL(address, location.href).href, button);
      const answer = await fetch(address, { redirect: "error" });
      if (answer.ok) await copy(await answer.text(), button);
      else location.href = address;
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
zoneOfTheReader();
copying();
guardUnsavedWords();
