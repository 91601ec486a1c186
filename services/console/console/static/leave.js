// Who logs out leaves none of the pages behind that the field pages keep for use without a network.
async function leave(event) {
  const form = event.currentTarget;
  if (form.dataset.forgotten) return;
  event.preventDefault();
  const known = await navigator.serviceWorker.getRegistration("/staff/field");
  if (known?.active) await forgotten(known.active);
  form.dataset.forgotten = "yes";
  form.requestSubmit();
}

function forgotten(worker) {
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((tell) => {
    port1.onmessage = tell;
  });
  worker.postMessage({ forget: true }, [port2]);
  return done;
}

if (navigator.serviceWorker) document.querySelector("form.who")?.addEventListener("submit", leave);
