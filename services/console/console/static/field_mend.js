// Opens what was not taken (#mend=id) in the form of a report, says why, and keeps it as changed.
// Offered to the form's own script as fieldMend; ``item`` is what is being mended.
const form = document.getElementById("report");
const panel = document.getElementById("mending");
const told = panel.querySelector("[data-told]");
const marked = document.getElementById("marked");
const noPhoto = document.getElementById("no-photo");
const button = form.querySelector("[type=submit]");
const { dataset: words } = panel;
const fates = JSON.parse(document.getElementById("kept-items").dataset.words);
const { fieldFate: fate, fieldStore: store } = globalThis;
const OTHER = "other";
let otherPhoto = false;

function asked() {
  return new URLSearchParams(location.hash.slice(1)).get("mend");
}

function say(wrong) {
  const how = fate.mending(mend.item) === "anew" ? words.anew : words.again;
  panel.querySelector("[data-why]").textContent = fate.why(mend.item, fates);
  panel.querySelector("[data-how]").textContent = fate.untimely(mend.item) ? `${how} ${words.time}` : how;
  told.textContent = "";
  if (wrong.includes("text")) form.text.setAttribute("aria-invalid", "true");
}

// A matter that was refused is not chosen again by itself.
function fillMatter({ matter = OTHER, condition = "" }, wrong) {
  const all = document.getElementById("all-matters");
  const named = `input[value="${CSS.escape(`${matter}|${condition}`)}"]`;
  const radio = all.querySelector(named);
  all.open = !radio || wrong;
  if (!radio) return;
  radio.closest("details.matter").open = true;
  if (!wrong) (document.querySelector(`#recent ${named}`) ?? radio).click();
  all.open = wrong;
}

function fillPlace(point, wrong) {
  form.lon.value = point?.lon ?? "";
  form.lat.value = point?.lat ?? "";
  marked.textContent = point ? words.place : form.dataset.unlocated;
  marked.classList.toggle("bad", !point || wrong);
  document.getElementById("place").dispatchEvent(new Event("moved"));
  if (wrong) document.getElementById("correct").open = true;
}

function fillPhoto(photo) {
  const files = new DataTransfer();
  if (photo) files.items.add(new File([photo], "photo", { type: photo.type }));
  form.photo.files = files.files;
  form.photo.dispatchEvent(new Event("change"));
  otherPhoto = false;
}

function show() {
  panel.hidden = !mend.item;
  button.textContent = mend.item ? words.sendAgain : words.send;
  form.text.removeAttribute("aria-invalid");
}

function left() {
  mend.item = null;
  history.replaceState(null, "", location.pathname + location.search);
  show();
}

function unchanged(said) {
  const plain = ({ matter, condition, text, point }) => JSON.stringify([matter, condition, text, point?.lon, point?.lat]);
  return plain(said) === plain(mend.item.said);
}

const mend = {
  item: null,
  left,
  // Whether something is to be mended; the form is then filled with it.
  async open() {
    const found = asked() ? await store.get(asked()) : null;
    mend.item = found?.person === form.dataset.person && fate.mending(found) ? found : null;
    show();
    if (!mend.item) return false;
    const wrong = fate.wrong(mend.item);
    say(wrong);
    fillMatter(mend.item.said, wrong.includes("what"));
    fillPlace(mend.item.said.point, wrong.includes("place"));
    form.text.value = mend.item.said.text ?? "";
    fillPhoto(mend.item.photo);
    panel.focus();
    panel.scrollIntoView();
    return true;
  },
  // Whether it waits to be sent now; raises where there is no room.
  async keep(changed, photo) {
    const same = fate.mending(mend.item) === "anew" && unchanged(changed.said);
    const taken = !same && (await store.mend(mend.item.id, changed, otherPhoto ? photo : undefined));
    if (taken) left();
    else {
      told.textContent = same ? words.unchanged : words.gone;
      panel.focus();
    }
    return taken;
  },
};
globalThis.fieldMend = mend;

form.photo.addEventListener("change", () => {
  otherPhoto = true;
  noPhoto.hidden = !mend.item || form.photo.files.length === 0;
});
noPhoto.addEventListener("click", () => {
  form.photo.value = "";
  form.photo.dispatchEvent(new Event("change"));
  form.photo.focus();
});
