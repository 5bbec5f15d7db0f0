// Search as you type: the same address that the form would ask for, and the part of its page that differs.
"use strict";

const WAIT_MS = 200;

function searchAsYouType() {
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  const said = document.querySelector("[data-said]");
  let timer = 0;
  let asking = new AbortController();
  const refresh = async () => {
    asking.abort();
    asking = new AbortController();
    const fields = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(fields).toString();
    const address = form.getAttribute("action") + (query ? `?${query}` : "");
    const answer = await fetch(address, { headers: { Accept: "text/html" }, redirect: "error", signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("results");
    if (!found) return;
    document.getElementById("results").replaceWith(found);
    document.title = page.title;
    localTimes(found);
    copying();
    const heard = found.querySelector("[data-found]");
    if (said && heard) said.textContent = heard.firstChild.textContent.trim();
    history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh().catch(() => {}), WAIT_MS);
  });
}

searchAsYouType();
