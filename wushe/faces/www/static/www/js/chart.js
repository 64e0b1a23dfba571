// Draws the chart that the element's JSON asks for, in the product's own colours, as SVG.

const token = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

function look(element) {
  const size = parseFloat(token(element, "font-size")) || 15;
  return {
    colours: [1, 2, 3, 4, 5].map((n) => token(element, `--society-${n}`)),
    ink: token(element, "--ink"),
    quiet: token(element, "--ink-2"),
    line: token(element, "--line"),
    ground: token(element, "--surface"),
    size: Math.max(12, Math.round(size * 0.87)),
    font: token(element, "font-family"),
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

const symbols = ["circle", "rect", "diamond", "triangle", "roundRect"];
const dashes = ["solid", [6, 4], [2, 3], [10, 4, 2, 4], [1, 4]];

function axes(data, style) {
  const words = { color: style.quiet, fontSize: style.size, fontFamily: style.font };
  const names = {
    type: "category", data: data.x, axisTick: { show: false }, axisLine: { lineStyle: { color: style.line } },
    axisLabel: { ...words, hideOverlap: true }, inverse: Boolean(data.horizontal),
  };
  const values = {
    type: "value", minInterval: 1, splitNumber: 4, axisLabel: { ...words, hideOverlap: true }, splitLine: { lineStyle: { color: style.line, type: [3, 4] } },
  };
  return data.horizontal ? { yAxis: names, xAxis: values } : { xAxis: names, yAxis: values };
}

const stripe = (angle, gap) => ({ color: "rgba(255,255,255,0.55)", dashArrayX: [1, 0], dashArrayY: [2, gap], rotation: angle, symbolSize: 1 });
const patterns = [{ symbol: "none" }, stripe(-Math.PI / 4, 5), stripe(Math.PI / 4, 5), stripe(0, 4), stripe(Math.PI / 2, 4)];

function barStyle(data, i) {
  const radius = data.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0];
  return { borderRadius: data.stacked ? 0 : radius, decal: patterns[i % 5] };
}

// Series differ by dash, mark or pattern as well as by colour.
function lineOrBar(data, style) {
  const series = data.series.map((one, i) => ({
    name: one.name, data: one.values, type: data.kind, stack: data.stacked ? "all" : undefined, barMaxWidth: 26,
    symbol: symbols[i % 5], symbolSize: 7, showSymbol: data.x.length <= 40,
    lineStyle: { width: 2.25, type: dashes[i % 5] },
    itemStyle: data.kind === "bar" ? barStyle(data, i) : {},
    areaStyle: data.kind === "line" && data.series.length === 1 ? { opacity: 0.1 } : undefined,
    markLine: one.goal == null ? undefined : {
      silent: true, symbol: "none", lineStyle: { color: style.quiet, type: [4, 4] },
      label: { formatter: `目标 ${one.goal}`, color: style.quiet, fontSize: style.size, position: "insideEndTop" },
      data: [data.horizontal ? { xAxis: one.goal } : { yAxis: one.goal }],
    },
  }));
  return { ...axes(data, style), series };
}

function pie(data, style) {
  const rows = data.series[0].values.map((value, i) => ({ value, name: data.x[i], itemStyle: { decal: patterns[i % 5] } }));
  const label = { color: style.ink, fontSize: style.size, formatter: "{d}%" };
  return {
    legend: { show: true, left: "center", bottom: 0, textStyle: { color: style.ink, fontSize: style.size }, itemWidth: 18 },
    series: [{ type: "pie", percentPrecision: 0, radius: ["36%", "58%"], center: ["50%", "42%"], data: rows, label, labelLine: { length: 6, length2: 4 }, itemStyle: { borderColor: style.ground, borderWidth: 2 } }],
  };
}

function scatter(data, style) {
  const words = { color: style.quiet, fontSize: style.size };
  const axis = (name) => ({ type: "value", name, nameTextStyle: words, axisLabel: words, splitLine: { lineStyle: { color: style.line } } });
  return {
    xAxis: axis(data.x?.[0]), yAxis: axis(data.y?.[0]), tooltip: { trigger: "item" },
    series: data.series.map((one, i) => ({ type: "scatter", name: one.name, data: one.values, symbol: symbols[i % 5], symbolSize: 10 })),
  };
}

function heatmap(data, style) {
  const words = { color: style.quiet, fontSize: style.size };
  const most = Math.max(1, ...data.series[0].values.map((cell) => cell[2]));
  return {
    legend: { show: false }, tooltip: { trigger: "item" },
    grid: { left: 4, right: 8, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: "category", data: data.x, axisLabel: words, axisTick: { show: false }, axisLine: { show: false } },
    yAxis: { type: "category", data: data.y, axisLabel: words, axisTick: { show: false }, axisLine: { show: false }, inverse: true },
    visualMap: { min: 0, max: most, orient: "horizontal", left: 0, bottom: 0, itemHeight: 120, text: [`多（${most}）`, "少"], textStyle: words, inRange: { color: ["#edf3ee", "#8dbcaf", "#133f3a"] } },
    series: [{ type: "heatmap", name: data.series[0].name, data: data.series[0].values, itemStyle: { borderColor: style.ground, borderWidth: 2 } }],
  };
}

const kinds = { line: lineOrBar, bar: lineOrBar, pie, scatter, heatmap };

function option(data, style) {
  return {
    animation: !style.still, animationDuration: 350, color: style.colours,
    textStyle: { fontFamily: style.font, color: style.ink },
    grid: { left: 4, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, left: 0, top: 0, icon: "roundRect", itemWidth: 18, textStyle: { color: style.ink, fontSize: style.size } },
    ...kinds[data.kind](data, style),
    tooltip: {
      trigger: data.kind === "line" || data.kind === "bar" ? "axis" : "item", renderMode: "richText", confine: true,
      backgroundColor: style.ink, borderWidth: 0, textStyle: { color: style.ground, fontSize: style.size },
      axisPointer: { type: data.kind === "bar" ? "shadow" : "line" },
    },
  };
}

export default async function mount(figure) {
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const canvas = figure.querySelector(".chart-canvas");
  const { init } = await import(new URL(figure.dataset.library, document.baseURI).href);
  const chart = init(canvas, null, { renderer: "svg" });
  chart.setOption(option(data, look(figure)));
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const address = data.series[seriesIndex]?.links?.[dataIndex];
    if (address) location.assign(address);
  });
  new ResizeObserver(() => chart.resize()).observe(canvas);
}
