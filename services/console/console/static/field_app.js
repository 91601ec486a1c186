// The pages as an app: a service worker that keeps them; who logs out hears of what is not sent.
const { keep, unsent } = document.getElementById("field-app").dataset;

async function registered() {
  await navigator.serviceWorker.register("/staff/field/sw.js", { scope: "/staff/field" });
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: JSON.parse(keep) });
}

// Comes before what leave.js does.
async function warn(event) {
  const form = event.currentTarget;
  if (form.dataset.warned) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const waiting = (await globalThis.fieldStore.unsent()).length;
  if (waiting && !confirm(unsent.replace("{count}", waiting))) return;
  form.dataset.warned = "yes";
  form.requestSubmit();
}

if (navigator.serviceWorker && globalThis.caches) {
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    document.getElementById("ready").hidden = !data.ready;
  });
  document.querySelector("form.who").addEventListener("submit", warn, { capture: true });
  await registered();
  await navigator.storage?.persist?.();
}
