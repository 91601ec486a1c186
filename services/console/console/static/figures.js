// The map of grids in the colours of the table below it; a tap leads where the table's link does.
const shown = document.getElementById("map");
const rows = new Map([...document.querySelectorAll("tr[data-grid]")].map((row) => [row.dataset.grid, row]));

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function style(feature) {
  const row = rows.get(feature.properties.grid);
  const here = feature.properties.grid === shown.dataset.here;
  const fillColor = colour(`--step-${row.dataset.step || "none"}`);
  return { color: colour("--ink"), weight: here ? 3.5 : 1, fillColor, fillOpacity: 0.9 };
}

function lead(feature, layer) {
  const row = rows.get(feature.properties.grid);
  const link = row.querySelector("a");
  const words = document.createElement("span");
  words.textContent = [link, ...row.querySelectorAll("td")].map((each) => each.textContent.trim()).join(" · ");
  layer.bindTooltip(words, { sticky: true });
  layer.on("click", () => location.assign(link.href));
}

async function draw() {
  const answer = await fetch(shown.dataset.outlines);
  if (!answer.ok) return;
  const outlines = await answer.json();
  outlines.features = outlines.features.filter((each) => rows.has(each.properties.grid));
  if (!outlines.features.length) return;
  shown.hidden = false;
  document.querySelector(".legend").hidden = false;
  const map = L.map(shown, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false });
  L.control.zoom({ zoomInTitle: shown.dataset.in, zoomOutTitle: shown.dataset.out }).addTo(map);
  if (shown.dataset.tiles) L.tileLayer(shown.dataset.tiles).addTo(map);
  const drawn = L.geoJSON(outlines, { style, onEachFeature: lead }).addTo(map);
  map.fitBounds(drawn.getBounds(), { padding: [8, 8] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.setStyle(style));
}

await draw();
