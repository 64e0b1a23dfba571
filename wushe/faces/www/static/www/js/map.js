// A map from GeoJSON alone: boundaries shaded by value, points and routes over them; no tiles, nothing from outside.

const SVG = "http://www.w3.org/2000/svg";
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null && value !== "") node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const shapes = {
  dot: () => make("circle", { r: 6 }),
  square: () => make("rect", { x: -5.5, y: -5.5, width: 11, height: 11, rx: 1.5 }),
  diamond: () => make("path", { d: "M0-8 8 0 0 8-8 0Z" }),
  home: () => make("path", { d: "M-7 1 0-7 7 1H5v6H-5V1Z" }),
};

const polygons = ({ type, coordinates }) => (type === "MultiPolygon" ? coordinates : type === "Polygon" ? [coordinates] : []);

// Equirectangular with the middle latitude's cosine: right within a district, and simple.
function projection(data) {
  const corners = [
    ...(data.areas ?? []).flatMap((area) => polygons(area.geometry).flat(2)),
    ...(data.points ?? []).map(({ lng, lat }) => [lng, lat]),
  ];
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lng, lat] of corners) {
    west = Math.min(west, lng); east = Math.max(east, lng);
    south = Math.min(south, lat); north = Math.max(north, lat);
  }
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = 1000 / Math.max((east - west) * squeeze, north - south, 1e-6);
  return {
    place: ([lng, lat]) => [(lng - west) * squeeze * scale, (north - lat) * scale],
    width: (east - west) * squeeze * scale || 1000,
    height: (north - south) * scale || 1000,
  };
}

class AreaMap {
  constructor(figure) {
    this.figure = figure;
    this.data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    this.svg = figure.querySelector(".map-svg");
    this.tip = figure.querySelector(".map-tip");
    this.world = projection(this.data);
    this.view = { x: 0, y: 0, width: this.world.width, height: this.world.height };
    this.steady = []; // marks and names that keep their size however far one zooms
  }

  draw() {
    const layers = ["areas", "routes", "points", "names"].map((name) => make("g", { "data-layer": name }));
    const [areas, routes, points, names] = layers;
    for (const area of this.data.areas ?? []) areas.append(this.drawArea(area, names));
    for (const route of this.data.routes ?? []) routes.append(this.drawRoute(route));
    for (const point of this.data.points ?? []) points.append(this.drawPoint(point));
    this.svg.append(make("defs", {}, ...Object.entries(shapes).map(([name, draw]) => {
      const shape = make("symbol", { id: `mark-${name}`, viewBox: "-9 -9 18 18" });
      shape.append(draw());
      return shape;
    })), ...layers);
    this.all();
    this.listen();
  }

  drawArea({ geometry, properties }, names) {
    const line = (ring) => `M${ring.map((corner) => this.world.place(corner).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`;
    const path = make("path", { class: `map-area${this.band(properties.value)}`, d: polygons(geometry).flat().map(line).join("") });
    const value = properties.note ?? (properties.value == null ? "" : `${properties.value}${this.data.unit ?? ""}`);
    names.append(this.nameOf(geometry, properties.name));
    return this.linked(path, properties.url, [properties.name, value].filter(Boolean).join("："));
  }

  nameOf(geometry, name) {
    const corners = polygons(geometry).map((rings) => rings[0]).sort((a, b) => b.length - a.length)[0].map(this.world.place);
    const [x, y] = centre(corners);
    const text = make("text", { class: "map-name", "aria-hidden": "true" }, name);
    this.steady.push({ node: text, x, y });
    const width = Math.max(...corners.map((c) => c[0])) - Math.min(...corners.map((c) => c[0]));
    text.dataset.room = width;
    return text;
  }

  band(value) {
    if (value == null) return "";
    const place = this.data.edges.findIndex((edge) => value <= edge);
    return ` band-${(place < 0 ? this.data.edges.length - 1 : place) + 1}`;
  }

  drawRoute({ line, tone, label }) {
    const d = `M${line.map((corner) => this.world.place(corner).map((n) => n.toFixed(1)).join(" ")).join("L")}`;
    return make("path", { class: `map-route tone-${tone ?? "going"}`, d, role: "img", "aria-label": label });
  }

  drawPoint(point) {
    const [x, y] = this.world.place([point.lng, point.lat]);
    const mark = (shapes[point.shape] ?? shapes.dot)();
    mark.setAttribute("class", "map-point");
    const node = this.linked(make("g", {}, make("circle", { r: 13, class: "map-hit" }), mark), point.url, [point.label, point.note].filter(Boolean).join("："));
    node.classList.add(`tone-${point.tone ?? "going"}`);
    this.steady.push({ node, x, y });
    return node;
  }

  linked(shape, address, words) {
    const node = make(address ? "a" : "g", { href: address, role: address ? null : "img", "aria-label": words }, shape);
    for (const event of ["pointerenter", "focus"]) node.addEventListener(event, () => { this.tip.textContent = words; });
    for (const event of ["pointerleave", "blur"]) node.addEventListener(event, () => { this.tip.textContent = ""; });
    return node;
  }

  all() {
    const { width: w, height: h } = this.world;
    const room = this.svg.getBoundingClientRect();
    if (!room.width || !room.height) return; // not laid out yet; the observer calls again
    const ratio = room.width / room.height;
    const width = Math.max(w, h * ratio) * 1.08;
    const height = width / ratio;
    this.show({ x: (w - width) / 2, y: (h - height) / 2, width, height });
  }

  show(view) {
    this.view = view;
    this.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    const unit = view.width / Math.max(this.svg.getBoundingClientRect().width, 1);
    for (const { node, x, y } of this.steady) {
      node.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${unit.toFixed(4)})`);
      // A name shows only where its area is wide enough for it.
      if (node.dataset.room) node.style.display = node.dataset.room / unit > node.textContent.length * 12 ? "" : "none";
    }
  }

  zoom(factor, at) {
    const { x, y, width, height } = this.view;
    const centre = at ?? [x + width / 2, y + height / 2];
    const widest = Math.max(this.world.width, this.world.height) * 4;
    const next = Math.min(Math.max(width / factor, this.world.width / 60), widest);
    const by = next / width;
    this.show({ x: centre[0] - (centre[0] - x) * by, y: centre[1] - (centre[1] - y) * by, width: next, height: height * by });
  }

  listen() {
    const tools = this.figure.querySelector(".map-tools");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const factor = event.target.closest("[data-zoom]")?.dataset.zoom;
      if (factor) Number(factor) ? this.zoom(Number(factor)) : this.all();
    });
    // The wheel belongs to the page; with Ctrl it belongs to the map.
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 0.83, this.under(event));
    }, { passive: false });
    this.listenForDrag();
    new ResizeObserver(() => this.all()).observe(this.svg);
  }

  under(event) {
    const room = this.svg.getBoundingClientRect();
    const { x, y, width, height } = this.view;
    return [x + ((event.clientX - room.left) / room.width) * width, y + ((event.clientY - room.top) / room.height) * height];
  }

  listenForDrag() {
    let from = null;
    let moved = false;
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
    this.svg.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; moved = false; });
    this.svg.addEventListener("pointermove", (event) => {
      if (!from || !event.buttons) return;
      const unit = this.view.width / this.svg.getBoundingClientRect().width;
      const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]];
      if (!moved && Math.hypot(dx, dy) < 5) return;
      moved = true;
      from = [event.clientX, event.clientY];
      this.show({ ...this.view, x: this.view.x - dx * unit, y: this.view.y - dy * unit });
    });
    // A drag that ends on a link is not a press on it.
    this.svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
  }
}

function centre(corners) {
  let [area, x, y] = [0, 0, 0];
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length];
    const cross = x1 * y2 - x2 * y1;
    area += cross; x += (x1 + x2) * cross; y += (y1 + y2) * cross;
  });
  return area ? [x / (3 * area), y / (3 * area)] : corners[0];
}

export default function mount(figure) {
  new AreaMap(figure).draw();
}
