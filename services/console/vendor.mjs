// Copies what the pages load of others into console/vendor, which is served and not committed.
import { copyFileSync, mkdirSync } from "node:fs";

const from = new URL("node_modules/", import.meta.url);
const to = new URL("console/vendor/", import.meta.url);
const wanted = {
  "leaflet/dist/leaflet.js": "leaflet.js",
  "leaflet/dist/leaflet.css": "leaflet.css",
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "idb/build/umd.js": "idb.js",
  "echarts/dist/echarts.common.min.js": "echarts.common.min.js",
};

mkdirSync(to, { recursive: true });
for (const [path, name] of Object.entries(wanted)) {
  copyFileSync(new URL(path, from), new URL(name, to));
}
