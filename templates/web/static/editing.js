// Writing a postmortem without losing a word: saves by itself, shows what it will look like, and keeps what cannot be
// sent. Without this script the form works the same, with its buttons.
"use strict";

(() => {
  const form = document.querySelector("form[data-editing]");
  if (!form || !window.fetch) return;

  const QUIET = 2500; // from the last key to the save, in ms
  const PREVIEW = 500;
  const AGAIN = [5000, 10000, 20000, 60000];
  const KEPT_DAYS = 7;
  // What a page that is being left may still send.
  const PARTING = 60000;
  // Not `form.action`: a button of that name stands in front of it.
  const ADDRESS = form.getAttribute("action");
  const KEY = `deadair-words:${form.dataset.incident}:${form.dataset.who}`;

  const said = document.getElementById("saved");
  const boxes = [...form.querySelectorAll(".question textarea, .number input")];
  const keeps = [...form.querySelectorAll('input[name^="keep-"]')];
  const hidden = (name) => form.elements.namedItem(name);
  // What each box held when it was last as it is stored.
  const settled = new Map(boxes.map((box) => [box.name, box.defaultValue]));
  const ticked = new Map(keeps.map((box) => [box.name, box.defaultChecked]));
  let timer = 0;
  let saving = null;
  let failures = 0;
  let leaving = false;
  let stopped = false;

  const two = (n) => String(n).padStart(2, "0");
  const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  // The same again is not said again: somebody may be listening.
  const say = (text, mood = "") => {
    if (said.textContent !== text) said.textContent = text;
    said.className = `saved ${mood}`.trim();
  };
  const changed = () => boxes.filter((box) => box.value !== settled.get(box.name));
  const isDirty = () => changed().length > 0 || keeps.some((box) => box.checked !== ticked.get(box.name));
  const wrapper = (name) => form.querySelector(`[data-field="${name}"]`);

  // Words that could not be sent stay in this browser until they are.

  function remember(sent = false) {
    const fields = Object.fromEntries(changed().map((box) => [box.name, box.value]));
    const kept = { at: Date.now(), fields, seen: hidden("seen").value, sent };
    try {
      if (Object.keys(fields).length) localStorage.setItem(KEY, JSON.stringify(kept));
      return true;
    } catch { return false; }
  }

  function forget() { try { localStorage.removeItem(KEY); } catch { /* then nothing was kept either */ } }

  function remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "null");
      const fresh = kept && typeof kept.fields === "object" && Date.now() - kept.at < KEPT_DAYS * 86400000;
      if (fresh && boxes.some((box) => isLost(box, kept))) return kept;
    } catch { /* nothing of ours is there */ }
    forget();
    return null;
  }

  // What was sent and is not as it was before has arrived, whatever became of it since.
  function isLost(box, kept) {
    if (!(box.name in kept.fields) || box.defaultValue === kept.fields[box.name]) return false;
    return !kept.sent || marksOf(kept.seen).get(box.name) === marksOf(hidden("seen").value).get(box.name);
  }

  function offerBack() {
    const offer = document.getElementById("kept-words");
    const kept = remembered();
    if (!kept || !offer) return;
    const at = new Date(kept.at);
    const today = at.toDateString() === new Date().toDateString();
    offer.querySelector("[data-at]").textContent = today ? clock(at) : `${at.toLocaleDateString()}, ${clock(at)}`;
    offer.hidden = false;
    offer.querySelector("[data-bring]").addEventListener("click", () => {
      // With what they were written over: what somebody else changed since then is asked, not written over.
      const marks = marksOf(hidden("seen").value);
      const then = marksOf(kept.seen || "");
      for (const box of boxes) {
        if (!(box.name in kept.fields)) continue;
        box.value = kept.fields[box.name];
        if (then.has(box.name)) marks.set(box.name, then.get(box.name));
        touched(box);
      }
      hidden("seen").value = textOf(marks);
      offer.hidden = true;
      soon(0);
      form.querySelector("textarea").focus();
    });
    offer.querySelector("[data-forget]").addEventListener("click", () => { forget(); offer.hidden = true; });
  }

  const marksOf = (text) => new Map(text.split(" ").filter(Boolean).map((one) => one.split(":")));
  const textOf = (marks) => [...marks].map(([name, mark]) => `${name}:${mark}`).join(" ");

  // Saving by itself.

  function soon(wait = QUIET) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, wait);
  }

  function body() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    fields.set("action", "autosave");
    return fields;
  }

  async function save() {
    clearTimeout(timer);
    if (saving || stopped || !isDirty()) return;
    const sent = new Map(boxes.map((box) => [box.name, box.value]));
    const sentTicks = new Map(keeps.map((box) => [box.name, box.checked]));
    saving = fetch(ADDRESS, { method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "error" });
    try {
      const answer = await saving;
      saving = null;
      const told = await answer.json().catch(() => null);
      if (answer.ok && told) { failures = 0; took(told, sent, sentTicks); }
      else if (answer.status === 401 || answer.status === 403) turnedAway(told);
      else if (answer.status === 409) soon();
      else if (told && told.error && told.error.message) refused(told.error);
      else away();
    } catch {
      saving = null;
      away();
    }
  }

  function away() {
    if (leaving) return;
    const kept = remember();
    say(`Not saved: Deadair cannot be reached. ${kept ? "Your words are kept in this browser." : "Keep this page open."}`, "bad");
    soon(AGAIN[Math.min(failures++, AGAIN.length - 1)]);
  }

  function turnedAway(told) {
    stopped = true;
    remember();
    const why = told && told.error && told.error.message;
    say(why || "Not saved: you are signed out. Your words are kept in this browser; sign in again, then come back here.", "bad");
  }

  function refused(error) {
    remember();
    say(`Not saved: ${error.message}`, "bad");
    const box = boxes.find((one) => one.name === error.field);
    if (box) box.setAttribute("aria-invalid", "true");
  }

  function took(told, sent, sentTicks) {
    const marks = marksOf(hidden("seen").value);
    // Of what was typed over meanwhile the form has not seen the other's text: the next save will meet it.
    const unseen = (box) => box.name in told.met || (box.name in told.theirs && box.value !== sent.get(box.name));
    for (const box of boxes) if (!unseen(box)) marks.set(box.name, told.seen[box.name]);
    hidden("seen").value = textOf(marks);
    hidden("seen_edit").value = told.edit;
    for (const box of boxes) {
      if (box.name in told.met) { meet(box, told.met[box.name]); continue; }
      if (unseen(box)) continue;
      if (box.name in told.theirs) bringIn(box, told.theirs[box.name]);
      else settled.set(box.name, sent.get(box.name));
      box.removeAttribute("aria-invalid");
    }
    for (const [name, checked] of sentTicks) ticked.set(name, checked);
    for (const box of boxes) if (box.value === settled.get(box.name)) answered(box, told.unanswered);
    hidden("offered").value = told.offered;
    const guesses = marksOf(told.offered);
    for (const box of boxes) if (!guesses.has(box.name)) touched(box);
    const names = Object.keys(told.met);
    const others = Object.values(told.theirs).map((one) => one.by).filter(Boolean);
    if (names.length) {
      const first = told.met[names[0]];
      const who = first.by || "Somebody else";
      remember();
      say(`${who} changed the same text${first.at ? ` at ${clock(new Date(first.at))}` : ""}. Yours is not saved yet: choose below it.`, "bad");
    } else {
      forget();
      say(`Saved ${clock(new Date(told.saved_at))}${others.length ? `, with what ${[...new Set(others)].join(" and ")} wrote` : ""}`);
    }
    if (changed().some((box) => !(box.name in told.met))) soon();
  }

  function bringIn(box, theirs) {
    box.value = theirs.text;
    settled.set(box.name, box.value);
    touched(box);
    box.classList.add("brought-in");
    setTimeout(() => box.classList.remove("brought-in"), 4000);
  }

  function answered(box, missing) {
    const place = wrapper(box.name);
    if (place && !missing.includes(box.name)) place.classList.remove("missing");
  }

  // Two people changed one text: nothing is chosen for them.

  function meet(box, theirs) {
    const panel = document.getElementById(`m-${box.name}`);
    if (!panel) return;
    const at = theirs.at ? `, ${clock(new Date(theirs.at))}` : "";
    panel.querySelector("[data-by]").textContent = theirs.by ? `${theirs.by} changed this${at}:` : "Saved meanwhile by somebody else:";
    panel.querySelector("[data-theirs]").textContent = theirs.text || "(empty)";
    panel.dataset.mark = theirs.mark;
    panel.theirs = theirs.text;
    panel.hidden = false;
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", panel.id);
    choices(panel, box);
  }

  function choices(panel, box) {
    const row = panel.querySelector("[data-choice]");
    if (!row.hidden) return;
    row.hidden = false;
    const theirs = () => (panel.theirs === undefined ? panel.querySelector("[data-theirs]").textContent : panel.theirs);
    const decide = (text) => {
      box.value = text;
      if (panel.dataset.mark) {
        const marks = marksOf(hidden("seen").value);
        marks.set(box.name, panel.dataset.mark);
        hidden("seen").value = textOf(marks);
      }
      panel.hidden = true;
      box.removeAttribute("aria-invalid");
      touched(box);
      box.focus();
      soon(0);
    };
    row.querySelector("[data-mine]").addEventListener("click", () => decide(box.value));
    row.querySelector("[data-take]").addEventListener("click", () => decide(theirs()));
    row.querySelector("[data-both]").addEventListener("click", () => decide([theirs(), box.value].filter(Boolean).join("\n\n")));
  }

  // A suggestion that is changed is one no more.

  function touched(box) {
    if (!box.hasAttribute("data-suggested")) return;
    box.removeAttribute("data-suggested");
    box.classList.remove("suggested");
    const place = wrapper(box.name);
    const note = document.getElementById(`n-${box.name}`);
    if (note) { note.hidden = true; box.removeAttribute("aria-describedby"); }
    const keep = place && place.querySelector(".keep");
    if (keep) keep.hidden = true;
  }

  // How it will look, beside the form or instead of it.

  const pane = document.getElementById("live-preview");
  const see = form.querySelector("[data-see]");
  let asked = 0;
  let drawing = 0;

  async function draw() {
    const turn = ++asked;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: body(), headers: { Accept: "text/html" }, redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("preview");
    if (turn !== asked || !found) return;
    pane.querySelector(".live-body").replaceChildren(document.adoptNode(found));
    if (typeof localTimes === "function") localTimes(pane);
  }

  function drawSoon(wait = PREVIEW) {
    if (!pane || pane.hidden) return;
    clearTimeout(drawing);
    drawing = setTimeout(() => draw().catch(() => {}), wait);
  }

  function preview(open) {
    pane.hidden = !open;
    document.querySelector(".editing").classList.toggle("with-preview", open);
    see.setAttribute("aria-expanded", String(open));
    see.textContent = open ? "Close preview" : "Preview";
    if (open) { drawSoon(0); pane.querySelector("h2").focus(); } else see.focus();
  }

  if (pane && see) {
    see.setAttribute("aria-expanded", "false");
    see.setAttribute("aria-controls", pane.id);
    pane.querySelector("h2").tabIndex = -1;
    see.addEventListener("click", (event) => { event.preventDefault(); preview(pane.hidden); });
    pane.querySelector("[data-unsee]").addEventListener("click", () => preview(false));
    pane.addEventListener("keydown", (event) => { if (event.key === "Escape") preview(false); });
  }

  // Coming and going.

  function part() {
    if (stopped || !isDirty()) return;
    leaving = true;
    const fields = body();
    remember(true);
    if (fields.toString().length > PARTING) return;
    fetch(ADDRESS, { method: "POST", body: fields, headers: { Accept: "application/json" }, keepalive: true })
      .then((answer) => answer.json()).then((told) => { if (told.met && !Object.keys(told.met).length) forget(); }).catch(() => {});
  }

  form.addEventListener("input", (event) => {
    touched(event.target);
    soon();
    drawSoon();
  });
  form.addEventListener("change", (event) => { if (event.target.matches(".keep input")) soon(500); });
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); remember(true); });
  window.addEventListener("online", () => soon(0));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  window.addEventListener("pagehide", part);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { stopped = false; leaving = false; soon(); } });

  for (const panel of form.querySelectorAll("[data-met]")) {
    const box = boxes.find((one) => one.name === panel.dataset.met);
    if (!panel.hidden && box) choices(panel, box);
  }
  const problem = document.getElementById("problem");
  if (problem) (form.querySelector('[aria-invalid="true"]') || problem).focus();
  offerBack();
})();
