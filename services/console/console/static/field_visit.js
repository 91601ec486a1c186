// Without a network a visit is kept on the phone, and sent with the patrol reports.
const form = document.getElementById("visit");
const store = globalThis.fieldStore;

function service(data) {
  if (!data.get("service")) return [];
  const contact = Object.fromEntries(["email", "phone"].map((way) => [way, data.get(way).trim()]).filter(([, said]) => said));
  const found = { matter: data.get("service"), language: document.documentElement.lang.slice(0, 2) };
  if (data.get("service_text").trim()) found.text = data.get("service_text").trim();
  if (Object.keys(contact).length) found.contact = contact;
  if (data.get("lon")) found.point = { lon: Number(data.get("lon")), lat: Number(data.get("lat")) };
  return [found];
}

function said(data) {
  const [kind, id] = data.get("target").split("|");
  const found = { [kind]: id, kind: data.get("kind"), topics: data.getAll("topics"), services: service(data) };
  if (data.get("note").trim()) found.note = data.get("note").trim();
  if (data.get("here") && data.get("lon")) found.point = { lon: Number(data.get("lon")), lat: Number(data.get("lat")) };
  return found;
}

async function keep(event) {
  if (navigator.onLine) return;
  event.preventDefault();
  const data = new FormData(form);
  const label = `${form.dataset.what} · ${form.target.selectedOptions[0].textContent}`;
  const item = { id: crypto.randomUUID(), person: form.dataset.person, kind: "visit", made_at: new Date().toISOString() };
  await store.add({ ...item, label, said: said(data) }, null);
  form.reset();
  document.getElementById("kept").scrollIntoView();
  globalThis.fieldSend();
}

function located({ coords }) {
  for (const each of document.querySelectorAll("form")) {
    if (!each.lon) continue;
    each.lon.value = coords.longitude.toFixed(6);
    each.lat.value = coords.latitude.toFixed(6);
  }
  for (const each of document.querySelectorAll("[data-needs-place]")) each.hidden = false;
}

form.addEventListener("submit", keep);
navigator.geolocation?.getCurrentPosition(located, () => undefined, { enableHighAccuracy: true, timeout: 10000 });
