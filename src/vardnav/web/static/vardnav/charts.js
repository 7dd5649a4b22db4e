// Draws a figure's chart from the table inside it; the table stays as the accessible twin.

const MARKS = ["circle", "rect", "triangle", "rectRot", "star", "cross"];
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 2], [12, 4]];
const drawn = new Map();
let ready = null;

function loadChart(url) {
  ready ??= import(url).then(() => globalThis.Chart);
  return ready;
}

/** A CSS variable as the browser computes it; light-dark() and all. */
export function colour(name, alpha) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return alpha === undefined ? value : value.replace(/^rgb\(([^)]+)\)$/, `rgba($1, ${alpha})`);
}

export function spoken(number, decimals = 1) {
  const language = document.documentElement.lang || "sv";
  return new Intl.NumberFormat("sv-SE", { maximumFractionDigits: decimals, useGrouping: "always" })
    .format(number)
    .replace(/\u00a0/g, "\u2009") // a canvas draws U+202F too narrow to see, and never breaks a line
    .replace(",", language.startsWith("en") ? "." : ",");
}

function read(cell) {
  const text = cell?.dataset.value ?? cell?.textContent ?? "";
  const cleaned = text.replace(/[\s\u00a0\u202f%]/g, "").replace("\u2212", "-").replace(",", ".");
  const number = parseFloat(cleaned);
  return Number.isFinite(number) ? number : null;
}

function readTable(table) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const wanted = heads.map((head, index) => ({ head, index })).slice(1).filter(({ head }) => head.dataset.series !== "no");
  return {
    labels: rows.map((row) => row.cells[0].dataset.label ?? row.cells[0].textContent.trim()),
    series: wanted.map(({ head, index }) => ({
      label: head.textContent.trim(),
      band: head.dataset.band ?? "",
      values: rows.map((row) => read(row.cells[index])),
    })),
  };
}

function datasets(series, figure) {
  const kind = figure.dataset.chart;
  let number = 0;
  return series.map((one) => {
    if (one.band) {
      return {
        label: one.label, data: one.values, type: "line", pointRadius: 0, borderWidth: 0,
        backgroundColor: colour("--series-1", 0.16), fill: one.band === "high" ? "-1" : false, isBand: true,
      };
    }
    const index = number++ % 6;
    const main = colour(`--series-${index + 1}`);
    return kind === "line"
      ? {
          label: one.label, data: one.values, borderColor: main, backgroundColor: main, borderWidth: 2.25,
          borderDash: DASHES[index], pointStyle: MARKS[index], tension: 0.15,
          pointRadius: one.values.length > 24 ? 0 : 3, pointHoverRadius: 5, pointHitRadius: 12,
        }
      : {
          label: one.label, data: one.values, backgroundColor: main, borderRadius: kind === "bar" ? 3 : 0,
          maxBarThickness: kind === "bar" ? 44 : undefined,
          categoryPercentage: kind === "histogram" ? 1 : 0.8, barPercentage: kind === "histogram" ? 0.96 : 0.9,
        };
  });
}

/** The goal as a line with its word. */
const goalLine = {
  id: "goal",
  afterDatasetsDraw(chart, _args, options) {
    if (options.value === null || options.value === undefined) return;
    const { ctx, chartArea } = chart;
    const sideways = chart.options.indexAxis === "y";
    const at = chart.scales[sideways ? "x" : "y"].getPixelForValue(options.value);
    ctx.save();
    ctx.strokeStyle = options.colour;
    ctx.fillStyle = options.colour;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([5, 4]);
    ctx.beginPath();
    if (sideways) {
      ctx.moveTo(at, chartArea.top);
      ctx.lineTo(at, chartArea.bottom);
    } else {
      ctx.moveTo(chartArea.left, at);
      ctx.lineTo(chartArea.right, at);
    }
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.font = `600 12px ${options.font}`;
    const width = ctx.measureText(options.label).width;
    const x = sideways ? Math.min(at + 6, chartArea.right - width - 4) : chartArea.right - width - 4;
    const y = sideways ? chartArea.top + 12 : at - 7 < chartArea.top + 10 ? at + 16 : at - 7;
    ctx.lineJoin = "round";
    ctx.strokeStyle = options.ground;
    ctx.lineWidth = 4;
    ctx.strokeText(options.label, x, y);
    ctx.fillText(options.label, x, y);
    ctx.restore();
  },
};

function settings(figure, table) {
  const { labels, series } = readTable(table);
  const kind = figure.dataset.chart;
  const goal = figure.dataset.goal ? parseFloat(figure.dataset.goal.replace(",", ".")) : null;
  const unit = figure.dataset.unit ? `\u00a0${figure.dataset.unit}` : "";
  const soft = colour("--ink-soft");
  const font = getComputedStyle(document.body).fontFamily;
  const sets = datasets(series, figure);
  const stacked = "stacked" in figure.dataset;
  const sideways = "horizontal" in figure.dataset;
  const named = sets.filter((one) => !one.isBand);
  const values = {
    beginAtZero: kind !== "line" || "fromZero" in figure.dataset,
    suggestedMin: goal, suggestedMax: goal === null ? undefined : goal * 1.04,
    stacked, border: { display: false },
    grid: { color: colour("--line"), drawTicks: false },
    ticks: { color: soft, padding: 8, maxTicksLimit: 6, callback: (value) => spoken(value) + unit },
  };
  const names = {
    stacked, grid: { display: false }, border: { color: colour("--line-strong") },
    ticks: { color: soft, padding: 6, maxRotation: 0, autoSkipPadding: 16, autoSkip: !sideways },
  };
  return {
    type: kind === "line" ? "line" : "bar",
    data: { labels, datasets: sets },
    plugins: [goalLine],
    options: {
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: sideways ? "y" : "x",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 250 },
      interaction: { mode: "index", intersect: false, axis: sideways ? "y" : "x" },
      font: { family: font },
      scales: sideways ? { x: values, y: names } : { x: names, y: values },
      plugins: {
        goal: {
          value: goal, font, colour: colour("--goal"), ground: colour("--surface"),
          label: figure.dataset.goalLabel ?? (goal === null ? "" : spoken(goal) + unit),
        },
        legend: {
          display: named.length > 1, position: "bottom", align: "start",
          labels: {
            color: colour("--ink"), usePointStyle: kind === "line", boxWidth: 14, boxHeight: kind === "line" ? 7 : 10,
            font: { size: 13, family: font }, filter: (item) => !sets[item.datasetIndex].isBand,
          },
        },
        tooltip: {
          backgroundColor: colour("--ink"), titleColor: colour("--ground"), bodyColor: colour("--ground"),
          padding: 10, cornerRadius: 6, boxPadding: 5, usePointStyle: true,
          titleFont: { family: font }, bodyFont: { family: font },
          callbacks: {
            label: (item) => `${item.dataset.label}: ${item.raw === null ? "–" : spoken(item.raw) + unit}`,
          },
        },
      },
    },
  };
}

function drawOne(Chart, figure) {
  const table = figure.querySelector(".chart-table table");
  const place = figure.querySelector(".chart-canvas");
  if (!table?.tHead || !place) return;
  drawn.get(figure)?.destroy();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  place.replaceChildren(canvas);
  place.hidden = false;
  drawn.set(figure, new Chart(canvas, settings(figure, table)));
  if (!("drawn" in figure.dataset)) {
    figure.dataset.drawn = "";
    figure.querySelector(".chart-table").open = false;
  }
}

function forget() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) continue;
    chart.destroy();
    drawn.delete(figure);
  }
}

export async function draw(figures, modules) {
  const Chart = await loadChart(modules.chartjs);
  await document.fonts.ready;
  forget();
  for (const figure of figures) drawOne(Chart, figure);
}

document.addEventListener("vardnav:scheme", () => {
  for (const figure of drawn.keys()) drawOne(globalThis.Chart, figure);
});
