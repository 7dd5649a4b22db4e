// Areas shaded by a figure, and clinics as points. No tiles, no names fetched from elsewhere; a table stands beside it.

const CLASSES = 5;
const MOST_NAMES = 40;

function colour(name) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function spoken(number) {
  return new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 1, useGrouping: "always" }).format(number).replace(/\u00a0/g, "\u202f");
}

async function fetchJson(url) {
  if (!url) return { type: "FeatureCollection", features: [] };
  const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const collection = await answer.json();
  collection.features.forEach((feature, index) => { feature.id = index + 1; });
  return collection;
}

function* positions(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const part of coordinates) yield* positions(part);
}

/** Largest ring's centre of gravity: where a reader looks for the name. */
function middle(geometry) {
  if (geometry.type === "Point") return geometry.coordinates;
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0]);
  let best = [0, rings[0][0]];
  for (const ring of rings) {
    let area = 0, x = 0, y = 0;
    for (let i = 0; i < ring.length - 1; i++) {
      const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
      area += cross;
      x += (ring[i][0] + ring[i + 1][0]) * cross;
      y += (ring[i][1] + ring[i + 1][1]) * cross;
    }
    if (Math.abs(area) > best[0]) best = [Math.abs(area), [x / (3 * area), y / (3 * area)]];
  }
  return best[1];
}

function shades(property, steps) {
  if (!steps.length) return colour("--map-plain"); // no figure: the areas are only the ground of the points
  const value = ["to-number", ["get", property]];
  const scale = ["step", value, colour("--map-1")];
  steps.slice(0, CLASSES - 1).forEach((step, index) => scale.push(step, colour(`--map-${index + 2}`)));
  return ["case", ["==", ["typeof", ["get", property]], "number"], scale, colour("--map-missing")];
}

function pointColours() {
  return ["match", ["get", "status"],
    "success", colour("--good"), "warning", colour("--series-2"), "danger", colour("--bad"),
    colour("--series-1")];
}

function paints(property, steps) {
  const ink = colour("--ink");
  const looked = ["boolean", ["feature-state", "looked"], false];
  return {
    ground: { "background-color": colour("--sunken") },
    areas: { "fill-color": shades(property, steps) },
    borders: { "line-color": ["case", looked, ink, colour(steps.length ? "--map-line" : "--line-strong")], "line-width": ["case", looked, 3, 1] },
    points: {
      "circle-color": pointColours(),
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 5, 3.5, 10, 8],
      "circle-stroke-color": ["case", looked, ink, colour("--surface")],
      "circle-stroke-width": ["case", looked, 3, 1.5],
    },
  };
}

function styleOf(data, property, steps) {
  const paint = paints(property, steps);
  const layers = [
    { id: "ground", type: "background", paint: paint.ground },
    { id: "areas", type: "fill", source: "areas", paint: paint.areas },
    { id: "borders", type: "line", source: "areas", layout: { "line-join": "round" }, paint: paint.borders },
    { id: "points", type: "circle", source: "points", paint: paint.points },
  ];
  return {
    version: 8,
    sources: { areas: { type: "geojson", data: data.areas }, points: { type: "geojson", data: data.points } },
    layers,
  };
}

function boundsOf(maplibre, data, steps) {
  const bounds = new maplibre.LngLatBounds();
  const shaded = steps.length && data.areas.features.length;
  const source = shaded || !data.points.features.length ? data.areas : data.points;
  for (const feature of source.features) {
    for (const position of positions(feature.geometry.coordinates)) bounds.extend(position);
  }
  return bounds;
}

function popupText(feature) {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = feature.properties.name ?? "";
  box.append(name);
  if (feature.properties.label) box.append(feature.properties.label);
  return box;
}

/** Hover, click and keyboard all look at one feature through this. */
function looker(maplibre, map) {
  const popup = new maplibre.Popup({ closeButton: false, closeOnClick: false, offset: 10, maxWidth: "18rem" });
  let current = null;
  const away = () => {
    if (current) map.setFeatureState(current, { looked: false });
    current = null;
    popup.remove();
  };
  const at = (source, feature, place) => {
    if (current?.source !== source || current?.id !== feature.id) {
      away();
      current = { source, id: feature.id };
      map.setFeatureState(current, { looked: true });
      popup.setDOMContent(popupText(feature));
    }
    popup.setLngLat(place).addTo(map);
  };
  return { at, away };
}

function addPointer(map, look) {
  const layers = ["points", "areas"];
  map.on("mousemove", (event) => {
    const [feature] = map.queryRenderedFeatures(event.point, { layers });
    map.getCanvas().style.cursor = feature?.properties.href ? "pointer" : "";
    if (!feature) return look.away();
    const place = feature.geometry.type === "Point" ? feature.geometry.coordinates : event.lngLat;
    return look.at(feature.source, feature, place);
  });
  map.on("mouseout", look.away);
  map.on("click", (event) => {
    const [feature] = map.queryRenderedFeatures(event.point, { layers });
    if (feature?.properties.href) location.assign(feature.properties.href);
  });
}

/** Links for the keyboard and for screen readers; the one in focus is shown on the map. */
function addLinks(box, data, look) {
  const links = document.createElement("ul");
  links.className = "map-links ds-sr-only";
  for (const source of ["areas", "points"]) {
    for (const feature of data[source].features) {
      if (!feature.properties.href) continue;
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = feature.properties.href;
      link.textContent = [feature.properties.name, feature.properties.label].filter(Boolean).join(": ");
      link.addEventListener("focus", () => look.at(source, feature, middle(feature.geometry)));
      link.addEventListener("blur", look.away);
      item.append(link);
      links.append(item);
    }
  }
  box.append(links);
}

function addNames(maplibre, map, areas) {
  if (areas.features.length > MOST_NAMES) return;
  const names = areas.features.map((feature) => {
    const element = document.createElement("span");
    element.className = "map-name";
    element.textContent = feature.properties.name ?? "";
    element.setAttribute("aria-hidden", "true");
    new maplibre.Marker({ element }).setLngLat(middle(feature.geometry)).addTo(map);
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
    element.removeAttribute("aria-label");
    return element;
  });
  const thin = () => {
    const shown = [];
    for (const element of names) element.hidden = false;
    for (const element of names) {
      const box = element.getBoundingClientRect();
      const hit = shown.some((other) =>
        box.left < other.right + 4 && box.right > other.left - 4 && box.top < other.bottom && box.bottom > other.top);
      element.hidden = hit;
      if (!hit) shown.push(box);
    }
  };
  map.on("moveend", thin);
  map.on("idle", thin);
}

function swatch(step) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "map-swatch");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.step = step;
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  shape.setAttribute("width", "100%");
  shape.setAttribute("height", "100%");
  shape.setAttribute("rx", "3");
  svg.append(shape);
  return svg;
}

function legend(box, steps, property, data) {
  if (!steps.length) return;
  const unit = box.dataset.unit ? `\u00a0${box.dataset.unit}` : "";
  const foot = document.createElement("div");
  foot.className = "map-legend";
  const title = document.createElement("strong");
  title.textContent = box.dataset.title ?? "";
  const list = document.createElement("ul");
  const add = (step, text) => {
    const item = document.createElement("li");
    item.append(swatch(step), text);
    list.append(item);
  };
  steps.slice(0, CLASSES - 1).forEach((step, index) => {
    add(String(index), index === 0 ? `< ${spoken(step)}${unit}` : `${spoken(steps[index - 1])}–${spoken(step)}${unit}`);
  });
  const last = Math.min(steps.length, CLASSES - 1);
  if (last) add(String(last), `≥ ${spoken(steps[last - 1])}${unit}`);
  if (data.areas.features.some((feature) => typeof feature.properties[property] !== "number")) {
    add("missing", box.dataset.textMissing ?? "–");
  }
  foot.append(title, list);
  box.append(foot);
}

function showTrouble(box) {
  const words = document.createElement("p");
  words.className = "map-trouble";
  words.textContent = box.dataset.textTrouble ?? "";
  box.replaceChildren(words);
}

async function drawOne(maplibre, box) {
  const property = box.dataset.property ?? "value";
  const steps = (box.dataset.steps ?? "").split(",").filter(Boolean).map(Number);
  const [areas, points] = await Promise.all([fetchJson(box.dataset.areas), fetchJson(box.dataset.points)]);
  const data = { areas, points };
  const container = document.createElement("div");
  container.className = "map-canvas";
  box.replaceChildren(container);
  const map = new maplibre.Map({
    container,
    style: styleOf(data, property, steps),
    bounds: boundsOf(maplibre, data, steps),
    fitBoundsOptions: { padding: 40, maxZoom: 10 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: false,
    scrollZoom: false, // the wheel scrolls the page
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.getCanvas().setAttribute("role", "application"); // the box around it is the landmark
  map.getCanvas().setAttribute("aria-label", box.dataset.title ?? "");
  const look = looker(maplibre, map);
  map.on("load", () => addPointer(map, look));
  addLinks(box, data, look);
  addNames(maplibre, map, areas);
  legend(box, steps, property, data);
  document.addEventListener("vardnav:scheme", () => {
    for (const [layer, paint] of Object.entries(paints(property, steps))) {
      for (const [name, value] of Object.entries(paint)) map.setPaintProperty(layer, name, value);
    }
  });
}

function addStylesheet(url) {
  if (document.querySelector(`link[href="${url}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = url;
  document.head.prepend(link); // our own theme must come after it
}

export async function draw(boxes, modules) {
  addStylesheet(modules.maplibreCss);
  const maplibre = await import(modules.maplibre);
  maplibre.setWorkerUrl(new URL(modules.maplibreWorker, location.href).href);
  for (const box of boxes) {
    box.dataset.drawn = "";
    drawOne(maplibre, box).catch((error) => {
      console.warn(error);
      showTrouble(box);
    });
  }
}
