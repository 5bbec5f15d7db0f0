// Holds the page together: who is here, what is open, what changed.

import { renderBlocks } from "./blocks.js";
import { startComposer } from "./composer.js";
import { choosePerson, showModal, sure } from "./dialogs.js";
import { drawMessages } from "./messages.js";
import { setZone } from "./dates.js";
import { valuesOf } from "./fields.js";
import { byId, el } from "./nodes.js";
import { showFailing, startPanel } from "./panel.js";
import { drawSide } from "./side.js";

const world = { people: new Map(), channels: new Map(), shortcuts: [], me: null, here: "C0INCIDENTS", tab: "messages" };
let commands = [];
let view = null;
let replyTo = null;
let newFrom = null; // up to here the channel was read when it was opened
let fetching = false;
let again = false;

async function call(door, order) {
  const response = await fetch("/_local/" + door, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ user: world.me, channel: world.here, ...order }) });
  return response.json();
}

const get = async (address) => (await fetch(address)).json();

async function meet() {
  const session = await get("/_local/session");
  world.people = new Map(session.people.map((person) => [person.id, person]));
  world.channels = new Map(session.channels.map((channel) => [channel.id, channel]));
  world.shortcuts = session.shortcuts;
  commands = session.commands;
  setZone(world.people.get(world.me)?.tz);
}

async function refresh() {
  if (!world.me) return;
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    do {
      again = false;
      await show();
    } while (again);
    byId("offline").hidden = true;
  } catch {
    byId("offline").hidden = false;
  } finally {
    fetching = false;
  }
}

async function show() {
  const asked = [world.me, world.here].join();
  const fresh = await get(`/_local/view?user=${encodeURIComponent(world.me)}&channel=${encodeURIComponent(world.here)}`);
  if (asked !== [world.me, world.here].join()) {
    again = true;
    return;
  }
  if (fresh.ok === false) return open("C0INCIDENTS");
  if (!view || fresh.people !== view.people) await meet();
  const scroll = byId("scroll");
  const first = view === null || view.where !== asked;
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const newest = fresh.messages.at(-1)?.ts ?? "";
  const isNews = !first && newest > (view.messages.at(-1)?.ts ?? "");
  if (first || newFrom === null) newFrom = fresh.unread[world.here] ? fresh.read : "";
  view = { ...fresh, where: asked, newFrom };
  draw();
  if (first || wasAtEnd) scroll.scrollTo({ top: scroll.scrollHeight, behavior: "instant" });
  else if (isNews) byId("newer").hidden = false;
  if (first) mark();
  if (newest && document.visibilityState === "visible" && view.unread[world.here]) call("read", { ts: newest });
}

function draw() {
  drawSide(view, world, open);
  showFailing(view.fail, view.dead);
  const home = world.tab === "home" && world.here.startsWith("D");
  byId("messages").hidden = home;
  byId("home").hidden = !home;
  if (home) drawHome();
  else drawMessages(view, world, tools);
  const held = () => valuesOf(byId("modal"), view.modal?.blocks ?? []);
  const act = (block, element, value, node) => use(null, block, element, value, node, held);
  showModal(view.modal, { ...world, act, ask: (block, element, typed) => ask(null, block, element, typed) }, async (door, order) => {
    const answer = await call(door, order);
    await refresh();
    return answer;
  });
}

function drawHome() {
  const known = JSON.stringify(view.home);
  if (byId("home").dataset.known === known) return;
  byId("home").dataset.known = known;
  const blocks = view.home?.blocks ?? [];
  const act = (block, element, value, node) => use(null, block, element, value, node, () => valuesOf(byId("home"), blocks));
  byId("home").replaceChildren(view.home ? renderBlocks(blocks, { ...world, act, ask: (block, element, typed) => ask(null, block, element, typed) }) : el("p", { class: "empty" }, el("strong", {}, "Nothing here yet"), "Deadair has not published a Home for you."));
}

const tools = {
  act: use,
  ask,
  react: (message, name, away) => call("react", { ts: message.ts, name, away }).then((answer) => answer.error && answer.error !== "already_reacted" && say(`Your reaction is there, but Deadair did not hear of it (${answer.error}).`)),
  shortcut: (message, one) => shortcut(one, { ts: message.ts }),
  copyLink: async (message) => {
    const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}&cid=${world.here}` : "";
    const address = `${location.origin}/archives/${world.here}/p${message.ts.replace(".", "")}${thread}`;
    await navigator.clipboard?.writeText(address).then(() => say("The link is copied."), () => say(address));
  },
  dismiss: (message) => call("dismiss", { ts: message.ts }),
  reply: (message) => reply(message),
};

async function use(message, block, element, value, node, held = () => ({})) {
  if (node.getAttribute("aria-busy") === "true" || !(await sure(element.confirm, world))) return;
  node.setAttribute("aria-busy", "true");
  const where = message ? { ts: message.ts } : {};
  const order = { ...where, block_id: block.block_id, action_id: element.action_id, value, state: held() };
  const answer = await call("click", order).catch(() => ({ ok: false, error: "the local Slack is gone" }));
  node.removeAttribute("aria-busy");
  const place = node.closest(".block")?.parentElement ?? node.parentElement ?? byId("messages");
  place.querySelector(":scope > .trouble")?.remove();
  if (!answer.ok) place.append(el("p", { class: "trouble", role: "alert" }, trouble(answer)));
}

function ask(message, block, element, typed) {
  return call("options", { ...(message ? { ts: message.ts } : {}), block_id: block.block_id, action_id: element.action_id, value: typed });
}

function trouble(answer) {
  if (answer.error === "operation_timeout") return "Deadair did not answer within three seconds. It may still be working; look again before you press it a second time.";
  if (answer.status) return `Deadair answered with the status ${answer.status}: the button had no effect.`;
  return `The button had no effect (${answer.error}).`;
}

async function shortcut(one, where) {
  const answer = await call("shortcut", { callback_id: one.callback_id, ...where }).catch(() => ({ ok: false, error: "the local Slack is gone" }));
  if (!answer.ok) say(`“${one.name}”: ${trouble(answer)}`);
}

let saying = 0;
function say(words) {
  clearTimeout(saying);
  byId("said").textContent = words;
  byId("said").hidden = false;
  saying = setTimeout(() => (byId("said").hidden = true), 8000);
}

function reply(message) {
  replyTo = message;
  byId("replying").hidden = !message;
  if (message) byId("replying").firstElementChild.textContent = `Replying in the thread of ${world.people.get(message.user)?.name ?? "a message"}`;
  byId("line").focus();
}

async function send(text) {
  const answer = await call("message", { text, thread_ts: replyTo?.ts ?? null }).catch(() => null);
  if (answer && replyTo && !text.startsWith("/")) reply(null);
  byId("scroll").scrollTo({ top: byId("scroll").scrollHeight });
  return answer !== null;
}

function open(channel, tab = "messages") {
  world.here = channel;
  world.tab = tab;
  reply(null);
  remember();
  menu(false);
  byId("newer").hidden = true;
  return refresh();
}

function be(person) {
  world.me = person;
  setZone(world.people.get(person)?.tz);
  newFrom = null;
  if (world.here.startsWith("D")) world.here = "D" + person.slice(1);
  remember();
  refresh();
  // On a phone the focus would throw the keyboard up over the messages.
  if (matchMedia("(hover: hover)").matches) byId("line").focus({ preventScroll: true });
}

function remember() {
  const address = new URL("/", location.href);
  address.searchParams.set("as", world.me);
  address.searchParams.set("in", world.here);
  history.replaceState(null, "", address);
  localStorage.setItem("as", world.me);
}

function showTab(tab) {
  world.tab = tab;
  if (tab === "home") call("home", {});
  draw();
}

function menu(show) {
  const wasOpen = byId("side").classList.contains("open");
  byId("side").classList.toggle("open", show);
  byId("menu").setAttribute("aria-expanded", String(show));
  byId("veil").hidden = !show;
  if (show) byId("nav").querySelector("button")?.focus();
  else if (wasOpen) byId("menu").focus();
}

let marked = null;
function mark() {
  const node = marked && byId("m" + marked);
  if (!node) return;
  marked = null;
  node.classList.add("marked");
  node.scrollIntoView({ block: "center" });
}

let events = null;
function listen() {
  if (events && events.readyState !== EventSource.CLOSED) return;
  events = new EventSource("/_local/events");
  events.onmessage = () => refresh();
  events.onerror = () => (byId("offline").hidden = false);
}

// Browsers allow six such connections per host: a hidden tab gives its own back.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") events?.close();
  else listen();
});

async function begin() {
  const asked = new URLSearchParams(location.search);
  const direct = /^\/archives\/([CD][A-Z0-9]+)\/p(\d+)$/.exec(location.pathname);
  startPanel(call); // before anything is waited for: a quick click is not lost
  await meet();
  marked = direct?.[2] ?? null;
  world.here = direct?.[1] ?? asked.get("in") ?? "C0INCIDENTS";
  const known = [asked.get("as"), localStorage.getItem("as")].find((id) => world.people.has(id ?? "") && !world.people.get(id).is_bot);
  startComposer(world, commands, send, (one) => shortcut(one, {}));
  byId("me").addEventListener("click", () => choosePerson(world, view?.waiting, be));
  byId("menu").addEventListener("click", () => menu(!byId("side").classList.contains("open")));
  byId("veil").addEventListener("click", () => menu(false));
  byId("side").addEventListener("keydown", (event) => event.key === "Escape" && menu(false));
  byId("stop-reply").addEventListener("click", () => reply(null));
  byId("tab-messages").addEventListener("click", () => showTab("messages"));
  byId("tab-home").addEventListener("click", () => showTab("home"));
  byId("newer").addEventListener("click", () => byId("scroll").scrollTo({ top: byId("scroll").scrollHeight }));
  byId("scroll").addEventListener("scroll", () => {
    const scroll = byId("scroll");
    if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80) byId("newer").hidden = true;
  });
  if (known) be(known);
  else choosePerson(world, null, be);
  listen();
}

begin().catch(() => (byId("offline").hidden = false));
