// Shows what is kept and what became of it.
const list = document.getElementById("kept-items");
const model = document.getElementById("kept-item");
const { person } = list.dataset;
const words = JSON.parse(list.dataset.words);
const { fieldStore: store, fieldFate: fate } = globalThis;
const MOODS = { waiting: "warn", photo: "warn", refused: "bad", rejected: "bad", mended: "" };
const how = document.getElementById("kept-how");

function shown(item) {
  const row = model.content.cloneNode(true).firstElementChild;
  const badge = row.querySelector("[data-state]");
  row.dataset.id = item.id;
  badge.dataset.state = item.state;
  badge.textContent = words[fate.state(item)];
  badge.className = `badge ${MOODS[fate.state(item)] ?? "good"}`;
  const label = row.querySelector("[data-label]");
  label.textContent = item.label;
  label.id = `kept-${item.id}`;
  row.classList.toggle("crossed", Boolean(item.mended));
  const made = row.querySelector("time");
  made.dateTime = item.made_at;
  made.textContent = new Date(item.made_at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  tellMore(row, item);
  offer(row, item);
  return row;
}

// What can be done about it: mended, given another photo, deleted.
function offer(row, item) {
  const [way, photo, drop] = ["[data-mend]", "[data-photo]", "[data-drop]"].map((each) => row.querySelector(each));
  way.hidden = !fate.mending(item);
  way.href = `${list.dataset.mend}#mend=${item.id}`;
  photo.hidden = !fate.wantsPhoto(item);
  photo.querySelector("input").addEventListener("change", ({ target }) => photograph(item, target.files[0]));
  drop.hidden = item.state !== "refused" && !fate.mending(item);
  drop.addEventListener("click", () => remove(item));
  for (const each of [way, photo.querySelector("input"), drop]) each.setAttribute("aria-describedby", `kept-${item.id}`);
}

async function photograph(item, file) {
  if (!file) return;
  await store.photograph(item.id, file);
  globalThis.fieldSend();
}

async function remove(item) {
  if (!confirm(words.drop.replace("{what}", item.label))) return;
  await store.remove(item.id);
  document.getElementById("kept-title").focus();
}

function tellMore(row, item) {
  const more = row.querySelector("[data-more]");
  const parts = [];
  if (item.fate?.receipt && item.state !== "refused") parts.push(`${words.receipt} ${item.fate.receipt.replace(/^(.{4})(.{4})/, "$1-$2-")}`);
  const why = fate.why(item, words);
  if (item.trouble) parts.push(`${words.no_photo} ${why}`);
  else if (why) parts.push(why);
  more.textContent = parts.join(" · ");
  const way = row.querySelector("[data-case]");
  way.hidden = !item.fate?.case;
  if (item.fate?.case) way.href = list.dataset.case.replace("CASE", encodeURIComponent(item.fate.case));
}

async function draw() {
  const items = (await store.of(person)).reverse();
  const others = (await store.unsent()).filter((item) => item.person !== person).length;
  list.replaceChildren(...items.map(shown));
  document.getElementById("kept").hidden = items.length === 0;
  const note = document.getElementById("kept-others");
  note.hidden = others === 0;
  note.textContent = words.others.replace("{count}", others);
}

document.addEventListener("field:changed", draw);
document.addEventListener("field:sending", ({ detail }) => {
  how.textContent = words[`how_${detail}`] ?? "";
  document.getElementById("kept-login").hidden = detail !== "login";
});
await store.prune();
await draw();
