// Sends what is kept, one step after the other; after each the state is written down, so that it
// goes on there. Sent twice nothing is doubled: the ids were made here. Offered as fieldSend.
const AT_ONCE = 5;
const AGAIN = 20000;
const KEPT = ["received", "repeated", "waiting", "rejected"];
const store = globalThis.fieldStore;
let timer = null;

class Later extends Error {}

function tell(how) {
  document.dispatchEvent(new CustomEvent("field:sending", { detail: how }));
}

async function ask(path, given) {
  let answer;
  try {
    answer = await fetch(path, { redirect: "error", ...given });
  } catch {
    throw new Later("offline");
  }
  if (answer.status === 401) throw new Later("login");
  if (answer.status === 403) throw new Later("refused");
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new Later("away");
  return answer;
}

async function sendBatch(items, session) {
  const answer = await ask("/staff/field/batch", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf },
    body: JSON.stringify({
      person: session.person,
      sent_at: new Date().toISOString(),
      items: items.map(({ id, kind, made_at, said }) => ({ id, kind, made_at, [kind]: said })),
    }),
  });
  if (!answer.ok) throw new Later("away");
  const fates = (await answer.json()).items;
  for (const [n, item] of items.entries()) {
    const fate = fates[n];
    const taken = KEPT.includes(fate.status);
    // Where no case is opened the photo stays here, for the report when it is mended.
    const photo = taken && item.photo && fate.receipt && !fate.reason;
    const state = !taken ? "refused" : photo ? "photo" : "done";
    await store.put({ ...item, fate, state, told_at: new Date().toISOString() });
  }
}

async function sendPhoto(item, session) {
  const answer = await ask(`/staff/field/items/${item.id}/photo`, {
    method: "POST",
    headers: { "Content-Type": item.photo.type || "application/octet-stream", "X-CSRF-Token": session.csrf },
    body: item.photo,
  });
  const trouble = answer.ok ? null : (await answer.json()).code;
  await store.put({ ...item, state: "done", photo: null, trouble });
}

async function sendAll() {
  const session = await (await ask("/staff/field/session")).json();
  const mine = await store.of(session.person);
  const waiting = mine.filter((item) => item.state === "waiting");
  for (let n = 0; n < waiting.length; n += AT_ONCE) await sendBatch(waiting.slice(n, n + AT_ONCE), session);
  for (const item of await store.of(session.person)) {
    if (item.state === "photo") await sendPhoto(item, session);
  }
}

async function send() {
  clearTimeout(timer);
  if ((await store.unsent()).length === 0) return tell("nothing");
  try {
    await navigator.locks.request("field-send", sendAll);
    tell("sent");
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    tell(error.message);
    if (error.message !== "login") timer = setTimeout(send, AGAIN);
  }
}

globalThis.fieldSend = send;
window.addEventListener("online", send);
window.addEventListener("pageshow", send);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
