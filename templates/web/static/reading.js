// Reading one document: the contents say where the reader is, and a heading's link is copied when it is followed.
"use strict";

function whereTheReaderIs() {
  const links = new Map([...document.querySelectorAll(".contents-beside a")].map((link) => [link.hash.slice(1), link]));
  if (!links.size) return;
  const headings = [...document.querySelectorAll(".part > h2")];
  const mark = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const here = passed.length ? passed[passed.length - 1].id : "";
    for (const [anchor, link] of links) {
      if (anchor === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
}

function copyPermalinks() {
  if (!navigator.clipboard) return;
  for (const link of document.querySelectorAll("a[data-permalink]")) {
    link.addEventListener("click", () => {
      navigator.clipboard.writeText(link.href).then(() => {
        link.textContent = "copied";
        setTimeout(() => { link.textContent = "#"; }, 1500);
      }, () => {});
    });
  }
}

whereTheReaderIs();
copyPermalinks();
