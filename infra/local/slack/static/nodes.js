// Makes DOM nodes. Text only ever becomes text nodes: nothing here parses HTML.

export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (value === true) node.setAttribute(key, "");
    else node.setAttribute(key, String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

// The only addresses that a link may have; everything else is shown as text.
export function safeAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:", "mailto:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

export function face(person, size = "") {
  if (person?.id === "U0DEADAIR") return el("span", { class: `face app ${size}`, "aria-hidden": "true" }, el("img", { src: "/static/mark.svg", alt: "" }));
  if (person?.id === "USLACKBOT") return el("span", { class: `face system ${size}`, "aria-hidden": "true" }, "i");
  const name = person?.name ?? "?";
  const words = name.split(/\s+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("");
  let hue = 0;
  for (const letter of person?.id ?? name) hue = (hue * 31 + letter.codePointAt(0)) % 9973;
  return el("span", { class: `face hue${hue % 8} ${size}`, "aria-hidden": "true" }, letters.toUpperCase());
}
