// What is kept on the phone until it is sent: IndexedDB, by the person who made it.
// Offered to the other field scripts as fieldStore.
const DAYS_KEPT = 7;
const LONGEST = 1600;
const QUALITY = 0.85;

const opened = idb.openDB("civicgrid-field", 1, {
  upgrade(db) {
    db.createObjectStore("items", { keyPath: "id" }).createIndex("person", "person");
    db.createObjectStore("used", { keyPath: ["person", "what"] });
  },
});

function told() {
  document.dispatchEvent(new Event("field:changed"));
}

// Smaller, as JPEG; what the browser cannot draw stays as it is.
async function smaller(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return file;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", QUALITY));
}

globalThis.fieldStore = {
  // states: waiting (not sent), photo (taken, its photo not sent), done, refused; ``mended`` is the
  // id of the item that takes its place
  async add(item, photo) {
    const made = { ...item, state: "waiting", fate: null, photo: photo ? await smaller(photo) : null };
    await (await opened).put("items", made);
    told();
  },
  async put(item) {
    await (await opened).put("items", item);
    told();
  },
  async get(id) {
    return (await opened).get("items", id);
  },
  // What was not taken is changed and waits again: under its own id where nothing was taken, else
  // as a new item, the old one crossed out. Both in one step, which looks whether that is still
  // so: two pages never make two of it. ``photo`` is another one, null for none any more.
  async mend(id, changed, photo) {
    const other = photo === undefined ? {} : { photo: photo && (await smaller(photo)) };
    const step = (await opened).transaction("items", "readwrite");
    const item = await step.store.get(id);
    const how = item && globalThis.fieldFate.mending(item);
    if (how) {
      const made_at = globalThis.fieldFate.untimely(item) ? new Date().toISOString() : item.made_at;
      const next = { ...item, ...changed, ...other, made_at, state: "waiting", fate: null, trouble: null };
      if (how === "anew") {
        next.id = crypto.randomUUID();
        await step.store.put({ ...item, photo: null, mended: next.id });
      }
      await step.store.put(next);
    }
    await step.done;
    told();
    return Boolean(how);
  },
  // Another photo for a report that was taken without its own.
  async photograph(id, file) {
    const photo = await smaller(file);
    const step = (await opened).transaction("items", "readwrite");
    const item = await step.store.get(id);
    if (item && globalThis.fieldFate.wantsPhoto(item)) await step.store.put({ ...item, state: "photo", photo, trouble: null });
    await step.done;
    told();
  },
  async remove(id) {
    await (await opened).delete("items", id);
    told();
  },
  // The oldest first; what was crossed out before what took its place.
  async of(person) {
    const items = await (await opened).getAllFromIndex("items", "person", person);
    return items.sort((a, b) => a.made_at.localeCompare(b.made_at) || Boolean(b.mended) - Boolean(a.mended));
  },
  async unsent() {
    const items = await (await opened).getAll("items");
    return items.filter((item) => item.state === "waiting" || item.state === "photo");
  },
  // What was done with is forgotten after some days.
  async prune() {
    const limit = new Date(Date.now() - DAYS_KEPT * 86400000).toISOString();
    const items = await (await opened).getAll("items");
    const over = items.filter((item) => item.state === "done" && (item.told_at ?? item.made_at) < limit);
    for (const item of over) await (await opened).delete("items", item.id);
  },
  async use(person, what) {
    await (await opened).put("used", { person, what, at: Date.now() });
  },
  async used(person) {
    const rows = await (await opened).getAll("used");
    return rows.filter((row) => row.person === person).sort((a, b) => b.at - a.at).map((row) => row.what);
  },
};
