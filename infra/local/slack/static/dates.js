// Times in the zone of whoever reads, as their profile has it, with UTC for whoever hovers; and Slack's <!date^…> tokens.

let zone;

export function setZone(name) {
  zone = name || undefined;
}

const two = (number) => String(number).padStart(2, "0");
const fmt = (date, options) => new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options }).format(date);

export const ofTs = (ts) => new Date(Number(ts) * 1000);
export const utc = (date) =>
  `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} UTC`;
// A field for date and time has no zone of its own: it means the reader's.
export const toLocal = (date) => `${dayOf(date)}T${new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(date)}`;

export function toUnix(local) {
  const wanted = Date.parse(`${local}Z`);
  let at = wanted;
  for (let round = 0; round < 2; round += 1) at += wanted - Date.parse(`${toLocal(new Date(at))}Z`);
  return Math.round(at / 1000);
}

export const clock = (date) => fmt(date, { hour: "2-digit", minute: "2-digit" });

const dayOf = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

function near(date, now) {
  const days = { 0: "today", 1: "yesterday" };
  for (const [back, word] of Object.entries(days)) {
    const then = new Date(now);
    then.setDate(then.getDate() - Number(back));
    if (dayOf(then) === dayOf(date)) return word;
  }
  return null;
}

export function dayName(date, now = new Date()) {
  const word = near(date, now);
  return word ? word[0].toUpperCase() + word.slice(1) : fmt(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

function ago(date, now) {
  const seconds = Math.round((date - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, "second");
}

const FORMS = {
  date_num: (date) => dayOf(date),
  date: (date) => fmt(date, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (date) => fmt(date, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (date) => fmt(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  date_pretty: (date, now) => near(date, now) ?? FORMS.date(date),
  date_short_pretty: (date, now) => near(date, now) ?? FORMS.date_short(date),
  date_long_pretty: (date, now) => near(date, now) ?? FORMS.date_long(date),
  time: (date) => clock(date),
  time_secs: (date) => fmt(date, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago,
};

export function fill(format, date, now = new Date()) {
  return format.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(FORMS, name) ? FORMS[name](date, now) : whole));
}
