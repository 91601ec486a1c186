// The wall: one view after another, by itself. Space pauses, the arrow keys switch, Escape leaves.
const EVERY = 20000;
const views = [...document.querySelectorAll("[data-wall]")];
let at = 0;
let timer = null;

function show(next) {
  at = (next + views.length) % views.length;
  views.forEach((view, number) => { view.hidden = number !== at; });
  document.dispatchEvent(new Event("shown"));
}

function run() {
  timer = setInterval(() => show(at + 1), EVERY);
}

function toggle() {
  if (timer === null) return run();
  clearInterval(timer);
  timer = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === " ") toggle();
  else if (event.key === "ArrowRight") show(at + 1);
  else if (event.key === "ArrowLeft") show(at - 1);
  else if (event.key === "Escape") location.assign(views[0].dataset.leave);
  else return;
  event.preventDefault();
});

show(0);
run();
// What is shown for weeks is loaded anew each hour, with whatever has changed in the pages.
setTimeout(() => location.reload(), 3600000);
