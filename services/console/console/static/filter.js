// Narrows the matters while somebody types; without it the form asks the server.
const input = document.querySelector("[data-filter]");
const list = document.querySelector(input.dataset.filter);
const none = document.querySelector("[data-none]");

input.addEventListener("input", () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const group of list.querySelectorAll("[data-group]")) {
    let here = 0;
    for (const item of group.querySelectorAll("[data-words]")) {
      const own = item.dataset.words.toLowerCase();
      item.hidden = !words.every((word) => own.includes(word));
      here += item.hidden ? 0 : 1;
    }
    group.hidden = here === 0;
    shown += here;
  }
  none.hidden = shown > 0;
});
