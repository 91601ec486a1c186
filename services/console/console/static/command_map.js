// The map of the grids: their outlines, painted by the counts that the figures beside it hold.
const place = document.getElementById("command-map");
const said = place.dataset;
const map = L.map(place, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false });
if (!document.body.classList.contains("wall")) L.control.zoom({ zoomInTitle: said.in, zoomOutTitle: said.out }).addTo(map);
if (said.tiles) L.tileLayer(said.tiles).addTo(map);
const layers = new Map();
const narrow = place.offsetWidth < 520;
const name = (properties) => properties[said.lang === "zh" ? "name_zh" : "name_en"];

function open(grid) {
  const link = [...document.querySelectorAll("#ground a[href]")].find(
    (each) => new URL(each.href).searchParams.get("grid") === grid && each.closest("tbody"),
  );
  link?.click();
}

function paint() {
  for (const each of document.querySelectorAll("#ground [data-step]")) {
    const layer = layers.get(each.dataset.grid);
    if (!layer) continue;
    const path = layer.getElement();
    for (let step = 0; step <= 4; step++) path?.classList.toggle(`level-${step}`, String(step) === each.dataset.step);
    const named = narrow ? "" : `${name(layer.feature.properties)} `;
    layer.setTooltipContent(document.createTextNode(named + each.dataset.count));
  }
}

function draw(outlines) {
  const drawn = L.geoJSON(outlines, {
    onEachFeature(feature, layer) {
      layers.set(feature.properties.grid, layer);
      layer.bindTooltip(document.createTextNode(name(feature.properties)), {
        permanent: outlines.features.length <= 40, direction: "center", className: "map-count",
      });
      layer.on("click", () => open(feature.properties.grid));
    },
  }).addTo(map);
  map.fitBounds(drawn.getBounds(), { padding: [8, 8] });
  map.setMinZoom(map.getZoom() - 1);
  paint();
}

document.addEventListener("htmx:after:swap", paint);
document.addEventListener("shown", () => map.invalidateSize());
const answer = await fetch(said.outlines);
if (answer.ok) draw(await answer.json());
else place.hidden = true;
