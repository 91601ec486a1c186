// Tells parts of a page that what they show has changed, so that they load themselves anew.
//
// An element says what it depends on: data-live="case:<id>", "grid:<code>", "department:<id>" or
// "all", several with spaces between. It gets a bubbling event "changed" (hx-trigger="changed"), a
// moment after the change and at most once a second. <html data-state="live|stale"> says whether
// changes come at all; without scripts or events a page is as fresh as when it was loaded.

const SOON = 300;
const AT_MOST_EVERY = 1000;
// Figures are up to a second old where they are counted: they are asked once more after a change.
const SETTLED = 1500;
const waiting = new WeakMap();
const last = new WeakMap();
const root = document.documentElement;

function words(element) {
  return element.dataset.live.split(/\s+/).filter(Boolean);
}

function concerns(hint, word) {
  const colon = word.indexOf(":");
  const kind = colon < 0 ? word : word.slice(0, colon);
  const value = word.slice(colon + 1);
  if (kind === "all") return true;
  if (kind === "case") return hint.case === value;
  if (kind === "grid") return !hint.grids || hint.grids.length === 0 || hint.grids.includes(value);
  if (kind === "department") return hint.department === undefined || hint.department === value;
  return false;
}

function tell(element) {
  if (waiting.has(element)) return;
  const since = performance.now() - (last.get(element) ?? -AT_MOST_EVERY);
  const pause = Math.max(SOON, AT_MOST_EVERY - since);
  const timer = setTimeout(() => {
    waiting.delete(element);
    if (!element.isConnected) return;
    last.set(element, performance.now());
    element.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
  }, pause);
  waiting.set(element, timer);
}

function tellThose(fits) {
  for (const element of document.querySelectorAll("[data-live]")) {
    if (words(element).some(fits)) tell(element);
  }
}

let settling = null;

function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => tellThose((word) => word.startsWith("grid:")), SETTLED);
}

function shown() {
  const found = new Set();
  for (const element of document.querySelectorAll("[data-live]")) {
    for (const word of words(element)) if (word.startsWith("case:")) found.add(word.slice(5));
  }
  return [...found].slice(0, 20);
}

function set(state) {
  root.dataset.state = state;
  for (const element of document.querySelectorAll("[data-when]")) {
    element.hidden = element.dataset.when !== state;
  }
}

let source = null;
let asked = "";

function listen() {
  const cases = shown();
  const query = cases.map((each) => `case=${encodeURIComponent(each)}`).join("&");
  if (source !== null && query === asked && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  asked = query;
  source = new EventSource(`/staff/live${query ? `?${query}` : ""}`);
  let opened = false;
  source.addEventListener("open", () => {
    // What happened while nobody listened is not known.
    if (opened) tellThose(() => true);
    opened = true;
  });
  source.addEventListener("state", (event) => set(JSON.parse(event.data)));
  source.addEventListener("reload", () => tellThose(() => true));
  source.addEventListener("hints", (event) => {
    const hints = JSON.parse(event.data);
    tellThose((word) => hints.some((hint) => concerns(hint, word)));
    settle();
    for (const hint of hints) root.dispatchEvent(new CustomEvent("hint", { detail: hint }));
  });
  source.addEventListener("error", () => set("stale"));
}

if (document.querySelector("[data-live]")) {
  listen();
  document.addEventListener("htmx:after:swap", listen);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
}
