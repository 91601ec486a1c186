// A patrol report: last used matters first, the position taken by itself, and everything kept on the
// phone before it is sent. Without a safe place to keep it the form is sent as any other.
const form = document.getElementById("report");
const words = form.dataset;
const { fieldStore: store, fieldMend: mend } = globalThis;
const all = document.getElementById("all-matters");
const chosen = document.getElementById("chosen-matter");
const marked = document.getElementById("marked");
const map = document.getElementById("correct");
const MOST_USED = 6;
const OTHER = "other";

function choose({ target }) {
  if (target.name !== "what") return;
  chosen.textContent = target.dataset.label;
  all.open = false;
}

function recent(what) {
  const radio = all.querySelector(`input[value="${CSS.escape(what)}"]`);
  if (!radio) return null;
  const label = radio.closest("label").cloneNode(true);
  label.querySelector("input").checked = false;
  label.querySelector("span").textContent = radio.dataset.label;
  return label;
}

async function offer() {
  const used = (await store.used(words.person)).slice(0, MOST_USED).map(recent).filter(Boolean);
  const place = document.getElementById("recent");
  place.replaceChildren(...used);
  place.hidden = used.length === 0;
  document.getElementById("recent-title").hidden = used.length === 0;
  all.open = used.length === 0;
}

function locate() {
  if (!navigator.geolocation) return;
  marked.textContent = words.looking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      if (mend.item) return;
      form.lon.value = coords.longitude.toFixed(6);
      form.lat.value = coords.latitude.toFixed(6);
      marked.textContent = words.located.replace("{n}", Math.round(coords.accuracy));
      marked.classList.remove("bad");
    },
    () => {
      if (mend.item) return;
      marked.textContent = words.unlocated;
      marked.classList.add("bad");
    },
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 15000 },
  );
}

function said(data) {
  const [matter, condition] = data.get("what").split("|");
  const found = { language: document.documentElement.lang.slice(0, 2) };
  if (matter !== OTHER) found.matter = matter;
  if (condition) found.condition = condition;
  if (data.get("text").trim()) found.text = data.get("text").trim();
  if (data.get("lon") && data.get("lat")) found.point = { lon: Number(data.get("lon")), lat: Number(data.get("lat")) };
  return found;
}

async function kept(written, photo) {
  if (mend.item) return mend.keep(written, photo);
  const item = { id: crypto.randomUUID(), person: words.person, kind: "report", made_at: new Date().toISOString() };
  await store.add({ ...item, ...written }, photo);
  return true;
}

async function keep(event) {
  event.preventDefault();
  const data = new FormData(form);
  if (!data.get("what")) {
    chosen.textContent = words.choose;
    all.open = true;
    document.getElementById("q").focus();
    return;
  }
  if (data.get("what").startsWith(OTHER) && !data.get("text").trim()) {
    form.text.setCustomValidity(words.needed);
    form.text.reportValidity();
    return;
  }
  const photo = data.get("photo").size ? data.get("photo") : null;
  const { label } = form.querySelector("[name=what]:checked").dataset;
  try {
    if (!(await kept({ label, said: said(data) }, photo))) return;
  } catch {
    marked.textContent = words.full;
    marked.classList.add("bad");
    return;
  }
  await store.use(words.person, data.get("what"));
  await begin();
  document.getElementById("kept").scrollIntoView();
  document.getElementById("kept-how").textContent = words.saved;
  globalThis.fieldSend();
}

async function prepare() {
  await offer();
  if (!(await mend.open())) locate();
}

async function begin() {
  form.reset();
  form.photo.dispatchEvent(new Event("change"));
  chosen.textContent = form.lon.value = form.lat.value = "";
  document.getElementById("place").dispatchEvent(new Event("moved"));
  await prepare();
}

// Another item is to be mended, or none any more: what was written is given up only when asked.
async function turned() {
  const data = new FormData(form);
  const written = data.get("what") || data.get("text").trim() || data.get("photo").size;
  if (written && !confirm(words.giveUp)) {
    const hash = mend.item ? `#mend=${mend.item.id}` : "";
    history.replaceState(null, "", location.pathname + location.search + hash);
    return;
  }
  await begin();
}

map.addEventListener("toggle", () => map.open && import(map.dataset.module), { once: true });
form.addEventListener("change", choose);
form.text.addEventListener("input", () => form.text.setCustomValidity(""));
if (isSecureContext && globalThis.indexedDB) {
  form.noValidate = true;
  form.addEventListener("submit", keep);
}
document.getElementById("leave-it").addEventListener("click", () => {
  mend.left();
  begin();
});
window.addEventListener("hashchange", turned);
await prepare();
