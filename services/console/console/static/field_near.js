// How far the work is, and what is nearest first among what is equally urgent, where the person
// lets the page know the position. It stays in the page.
const EARTH = 6371000;

function distance(a, b) {
  const rad = Math.PI / 180;
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return EARTH * Math.hypot(x, (b.lat - a.lat) * rad);
}

function said(list, metres) {
  const [few, many] = [list.dataset.metres, list.dataset.kilometres];
  return metres < 950 ? few.replace("{n}", Math.round(metres / 50) * 50) : many.replace("{n}", (metres / 1000).toFixed(1));
}

function place({ coords }) {
  const list = document.getElementById("work");
  if (!list) return;
  const here = { lon: coords.longitude, lat: coords.latitude };
  const rows = [...list.children].map((row) => {
    const { lon, lat } = row.dataset;
    const far = lon ? distance(here, { lon: Number(lon), lat: Number(lat) }) : Infinity;
    if (lon) row.querySelector("[data-far]").textContent = said(list, far);
    return { row, far, rank: Number(row.dataset.rank) };
  });
  rows.sort((a, b) => a.rank - b.rank || a.far - b.far);
  list.append(...rows.map(({ row }) => row));
}

function look() {
  navigator.geolocation?.getCurrentPosition(place, () => undefined, { maximumAge: 60000, timeout: 10000 });
}

look();
document.addEventListener("htmx:after:swap", look);
