// Cases by day, as bars; the same numbers as a table. Drawn anew when colours change.
const place = document.getElementById("days");
const said = place.dataset;
const table = document.getElementById("days-table");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const SERIES = [
  { key: "opened", name: said.opened, colour: "--edge" },
  { key: "closed_in_time", name: said.inTime, colour: "--step-3", stack: "closed" },
  { key: "closed_late", name: said.late, colour: "--mark", stack: "closed" },
];
let chart = null;
let rows = [];

function options() {
  const ink = colour("--ink");
  const soft = colour("--soft");
  const fontSize = Math.round(parseFloat(getComputedStyle(document.body).fontSize) * 0.75);
  return {
    animation: false,
    textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    grid: { left: 8, right: 8, top: 3 * fontSize, bottom: 4, containLabel: true },
    legend: { top: 0, textStyle: { color: ink, fontSize } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: rows.map((row) => row.day.slice(5)), axisLabel: { color: soft, fontSize } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: soft, fontSize }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: SERIES.map((each) => ({
      type: "bar", name: each.name, stack: each.stack, itemStyle: { color: colour(each.colour) },
      data: rows.map((row) => row[each.key]),
    })),
  };
}

function cell(tag, text, numeric) {
  const found = document.createElement(tag);
  found.textContent = text;
  if (tag === "th") found.scope = numeric === undefined ? "row" : "col";
  if (numeric) found.className = "n";
  return found;
}

function tabulate() {
  const head = document.createElement("thead").appendChild(document.createElement("tr"));
  head.append(cell("th", said.day, false), ...SERIES.map((each) => cell("th", each.name, true)));
  const body = document.createElement("tbody");
  for (const row of rows) {
    const line = body.appendChild(document.createElement("tr"));
    line.append(cell("th", row.day), ...SERIES.map((each) => cell("td", row[each.key], true)));
  }
  table.replaceChildren(head.parentElement, body);
}

function draw() {
  if (place.offsetWidth === 0) return;
  chart ??= echarts.init(place, null, { renderer: "canvas" });
  chart.resize();
  chart.setOption(options(), true);
}

const answer = await fetch(said.days);
if (answer.ok) {
  rows = await answer.json();
  if (table) tabulate();
  draw();
  addEventListener("resize", draw);
  document.addEventListener("shown", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
} else {
  place.hidden = true;
}
