// Keeps the field pages, so that they open without a network. SHELL, in front of this, names the
// files and where the pages are. A page comes from the network where there is one, else as it was
// kept last, which the page then says.
const FILES = `field-files-${SHELL.version}`;
const PAGES = "field-pages";
const PERSON = "X-Staff-Person";
const SLOW = 6000;
const MOST = 40;
let times = 0;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(told(event)));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (event.request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
  else if (url.pathname === SHELL.outlines) event.respondWith(outlines(event.request));
});

async function install() {
  const cache = await caches.open(FILES);
  await cache.addAll([...SHELL.files, ...Object.values(SHELL.away)]);
  await cache.add(SHELL.outlines).catch(() => undefined);
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("field-files-") && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// From a page: { keep: [addresses] } of pages to have at hand, or { forget: true } at logging out.
// The page is told when that is done.
async function told({ data, source, ports }) {
  if (data.forget) {
    times += 1;
    await caches.delete(PAGES);
    ports[0].postMessage("forgotten");
    return;
  }
  for (const address of data.keep) await fetched(address);
  const kept = await Promise.all(data.keep.map(keptAs));
  source.postMessage({ ready: kept.every(Boolean) });
}

async function fetched(address) {
  const before = times;
  const answer = await fetch(address).catch(() => null);
  if (answer) await keep(address, answer, before);
}

// Nothing is kept that was asked for before somebody logged out.
async function keep(address, answer, before) {
  const person = answer.headers.get(PERSON);
  if (!answer.ok || answer.redirected || !person || before !== times) return;
  const pages = await caches.open(PAGES);
  const [first] = await pages.keys();
  const whose = first && (await pages.match(first)).headers.get(PERSON);
  if (whose && whose !== person) await caches.delete(PAGES);
  if (before === times) await (await caches.open(PAGES)).put(plain(address), answer.clone());
  const all = await pages.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => pages.delete(old)));
}

function keptAs(address) {
  return caches.match(plain(address), { cacheName: PAGES });
}

// Without what was only to be told once.
function plain(address) {
  const url = new URL(address, location.origin);
  for (const told of ["done", "failed", "inside"]) url.searchParams.delete(told);
  url.hash = "";
  return url.href;
}

async function page(event) {
  const { request } = event;
  const before = times;
  const asked = fetch(request);
  if (request.method !== "GET") return asked.catch(() => away(request));
  const kept = await keptAs(request.url);
  try {
    const answer = await (kept ? Promise.race([asked, patience()]) : asked);
    event.waitUntil(keep(request.url, answer.clone(), before));
    return answer;
  } catch {
    asked.catch(() => undefined);
    return kept ? old(kept) : away(request);
  }
}

function patience() {
  return new Promise((_, refuse) => setTimeout(() => refuse(new Error("slow")), SLOW));
}

async function old(kept) {
  const text = (await kept.text()).replace('data-from="network"', 'data-from="kept"');
  return new Response(text, { headers: kept.headers });
}

async function away(request) {
  const lang = new URL(request.url).searchParams.get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  return (await caches.open(FILES)).match(SHELL.away[lang] ?? SHELL.away.en);
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function outlines(request) {
  const cache = await caches.open(FILES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request, { ignoreVary: true })) ?? Response.error();
  }
}
