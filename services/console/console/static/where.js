// The place: by position, by a tap on the map of grids, or by the map's centre.
const place = document.getElementById("place");
const said = place.dataset;
const lon = document.getElementById("lon");
const lat = document.getElementById("lat");
const status = document.getElementById("marked");
const clear = place.querySelector("[data-clear]");
place.hidden = false;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const map = L.map("map", { preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.25 });
L.control.zoom({ zoomInTitle: said.in, zoomOutTitle: said.out }).addTo(map);
if (said.tiles) L.tileLayer(said.tiles).addTo(map);

let mark = null;
let lowest = [];

function inside(point, ring) {
  let found = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    const crosses = yi > point.lat !== yj > point.lat;
    if (crosses && point.lng < ((xj - xi) * (point.lat - yi)) / (yj - yi) + xi) found = !found;
  }
  return found;
}

function polygons(geometry) {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

function holds(feature, point) {
  return polygons(feature.geometry).some(
    ([outer, ...holes]) => inside(point, outer) && !holes.some((hole) => inside(point, hole)),
  );
}

function tell(point) {
  if (!lowest.length) return;
  const found = lowest.find((feature) => holds(feature, point));
  const name = found?.properties[said.lang === "zh" ? "name_zh" : "name_en"];
  status.textContent = found ? said.marked.replace("{place}", name) : said.outside;
  status.classList.toggle("bad", !found);
}

function put(point) {
  lon.value = point.lng.toFixed(6);
  lat.value = point.lat.toFixed(6);
  mark ??= L.circleMarker(point, { radius: 10, weight: 4, color: "#fff", fillColor: colour("--mark"), fillOpacity: 1 });
  mark.setLatLng(point).addTo(map).bringToFront();
  clear.hidden = false;
  tell(point);
}

function style(feature) {
  const top = feature.properties.level !== lowest[0].properties.level;
  return { color: colour("--line-map"), weight: top ? 2.5 : 1, fill: !top, fillColor: colour("--ground"), fillOpacity: 0.35 };
}

// The grids above the lowest, such as streets, by name where their middle is.
function write(features) {
  for (const feature of features) {
    const centre = L.geoJSON(feature).getBounds().getCenter();
    const name = feature.properties[said.lang === "zh" ? "name_zh" : "name_en"];
    L.tooltip({ permanent: true, direction: "center", className: "map-name" })
      .setLatLng(centre)
      .setContent(document.createTextNode(name))
      .addTo(map);
  }
}

function draw(outlines) {
  const last = outlines.features.at(-1).properties.level;
  lowest = outlines.features.filter((feature) => feature.properties.level === last);
  const drawn = L.geoJSON(outlines, { style, interactive: false }).addTo(map);
  const above = outlines.features.at(-1 - lowest.length)?.properties.level;
  write(outlines.features.filter((feature) => feature.properties.level === above));
  map.fitBounds(drawn.getBounds(), { padding: [8, 8] });
  map.setMinZoom(map.getZoom() - 1);
  if (lon.value && lat.value) put(L.latLng(Number(lat.value), Number(lon.value)));
}

// Somebody else has set the place: a report that is opened again, or a new one.
place.addEventListener("moved", () => {
  if (lon.value && lat.value) put(L.latLng(Number(lat.value), Number(lon.value)));
  else mark?.remove();
  clear.hidden = !lon.value;
});
map.on("click", (event) => put(event.latlng));
const centre = place.querySelector("[data-centre]");
centre.disabled = true; // until the map shows something, it has no middle
centre.addEventListener("click", () => put(map.getCenter()));
clear.addEventListener("click", () => {
  mark.remove();
  lon.value = lat.value = "";
  clear.hidden = true;
  status.textContent = said.cleared;
  status.classList.remove("bad");
});
place.querySelector("[data-here]").addEventListener("click", () => {
  status.textContent = said.looking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const point = L.latLng(coords.latitude, coords.longitude);
      map.setView(point, Math.max(map.getZoom(), 15));
      put(point);
    },
    () => {
      status.textContent = said.denied;
      status.classList.add("bad");
    },
    { enableHighAccuracy: true, timeout: 10000 },
  );
});

const answer = await fetch(said.outlines);
if (answer.ok) {
  draw(await answer.json());
  centre.disabled = false;
} else {
  document.getElementById("map").hidden = true;
  document.getElementById("map-help").hidden = true;
  centre.hidden = true;
  status.textContent = said.noMap;
}
