// Where a case lies: the outline of its grid, the one above, and the exact place where it is shown.
const shown = document.getElementById("map");

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function style(feature, own) {
  const fill = feature.properties.grid === own;
  return { color: colour("--line-map"), weight: fill ? 2.5 : 1.2, fill, fillColor: colour("--ground"), fillOpacity: 0.45 };
}

async function draw() {
  const answer = await fetch(shown.dataset.outlines);
  if (!answer.ok) return;
  const outlines = await answer.json();
  const own = outlines.features.at(-1).properties.grid;
  shown.hidden = false;
  const map = L.map(shown, { preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: shown.dataset.in, zoomOutTitle: shown.dataset.out }).addTo(map);
  if (shown.dataset.tiles) L.tileLayer(shown.dataset.tiles).addTo(map);
  const drawn = L.geoJSON(outlines, { style: (feature) => style(feature, own), interactive: false }).addTo(map);
  map.fitBounds(drawn.getBounds(), { padding: [8, 8] });
  const { lon, lat } = shown.dataset;
  if (lon && lat) {
    const look = { radius: 9, weight: 4, color: "#fff", fillColor: colour("--mark"), fillOpacity: 1 };
    L.circleMarker([Number(lat), Number(lon)], look).addTo(map).bringToFront();
  }
}

if (shown) await draw();
