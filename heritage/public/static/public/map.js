// The map beside the list. Without this file the page is the list alone, which holds the same entries.
"use strict";
(() => {
const place = document.getElementById("map");
if (!place || !window.L) return;

const told = JSON.parse(place.dataset.map), { words, looks } = told;
const status = document.getElementById("map-status");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const CLOSEST = 18, NEAR = 1e-4;
document.getElementById("map-side").hidden = false;

const map = L.map(place, {
  zoomControl: false, worldCopyJump: true, minZoom: 1, maxZoom: CLOSEST, scrollWheelZoom: false,
  zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
});
map.attributionControl.setPrefix(false);
L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
L.control.scale({ imperial: false }).addTo(map);
map.on("focus", () => map.scrollWheelZoom.enable());
map.on("blur", () => map.scrollWheelZoom.disable());

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function link(address, text) {
  const element = made("a", "", text);
  element.href = address;
  return element;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${told.icons}#${name}`);
  svg.append(use);
  return svg;
}

// Addresses: the filters are those of the page; the box is that of the map.

function boxOf(bounds) {
  const wrapped = (degrees) => ((degrees + 180) % 360 + 360) % 360 - 180;
  const whole = bounds.getEast() - bounds.getWest() >= 360;
  const [west, east] = whole ? [-180, 180] : [wrapped(bounds.getWest()), wrapped(bounds.getEast())];
  const sides = [west, Math.max(bounds.getSouth(), -90), east, Math.min(bounds.getNorth(), 90)];
  return sides.map((side) => Number(side.toFixed(5)));
}

function boundsOf([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east < west ? east + 360 : east]);
}

function asked(box) {
  const query = new URLSearchParams(location.search);
  for (const name of ["bbox", "after", "page_size", "sort"]) query.delete(name);
  if (box) query.set("bbox", box.join(","));
  return query;
}

async function read(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

async function overview(zoom, box, signal) {
  const query = asked(box);
  query.set("zoom", zoom);
  return (await read(`${told.cells}?${query}`, signal)).json();
}

const size = ([west, south, east, north]) => east - west + north - south;

// The smallest bounds of what is in a box: it is looked into until it does not shrink any more.
async function tight(box) {
  for (let times = 0; times < 8; times += 1) {
    const { cells, points } = await overview(22, box);
    const bounds = L.latLngBounds([]);
    for (const one of cells) bounds.extend(boundsOf(one.bbox));
    for (const { position } of points) bounds.extend([position.latitude, position.longitude]);
    if (!bounds.isValid() || (!cells.length && points.length === 1)) return bounds;
    const fresh = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    if (cells.length === 1 && !points.length && size(fresh) < NEAR) return L.latLngBounds([[cells[0].latitude, cells[0].longitude]]);
    if (cells.length + points.length > 1 && box && size(fresh) > 0.8 * size(box)) return bounds;
    box = fresh;
  }
  return boundsOf(box);
}

// Marks

let marks = new Map(), opened = null;

function shown(latitude, longitude) {
  return [latitude, longitude + 360 * Math.round((map.getCenter().lng - longitude) / 360)];
}

function mark(position, element, size, name, act) {
  const className = element.className;
  element.className = "";
  const marker = L.marker(position, {
    icon: L.divIcon({ html: element, className: `mark ${className}`, iconSize: [size, size] }), riseOnHover: true,
  });
  marker.on("click", () => act(marker));
  marker.on("add", () => {
    const drawn = marker.getElement();
    drawn.setAttribute("aria-label", name);
    drawn.title = name;
    drawn.addEventListener("keydown", (press) => {
      if (press.key !== "Enter" && press.key !== " ") return;
      press.preventDefault();
      act(marker, true);
    });
  });
  return marker;
}

function width(count) {
  return [0, 32, 36, 42, 50, 58, 66][Math.min(String(count).length, 6)];
}

// Marks that would lie on one another become one: larger ones take in their smaller neighbours.
function merged(view) {
  const ones = view.points.map((row) => ({ ...row.position, count: 1, row, bbox: null }));
  const all = [...view.cells, ...ones].sort((a, b) => b.count - a.count), kept = [];
  const apart = (a, b) => a.at.distanceTo(b.at) / (width(a.count) + width(b.count)) * 2;
  for (const one of all) {
    one.at = map.latLngToLayerPoint(shown(one.latitude, one.longitude));
    const near = map.getZoom() < CLOSEST && kept.find((other) => apart(one, other) < 0.85);
    if (near) joined(near, one);
    else kept.push(one);
  }
  return kept;
}

function joined(one, other) {
  const sides = [one, other].map(({ bbox, latitude, longitude }) => bbox || [longitude, latitude, longitude, latitude]);
  const [a, b] = sides, count = one.count + other.count;
  for (const name of ["latitude", "longitude"]) one[name] = (one[name] * one.count + other[name] * other.count) / count;
  one.bbox = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
  one.count = count;
  one.row = null;
  one.at = map.latLngToLayerPoint(shown(one.latitude, one.longitude));
}

function cluster(cell, exact) {
  const digits = String(cell.count).length;
  const element = made("span", digits > 3 ? "cluster many" : "cluster", number(cell.count) + (exact ? "" : "+"));
  const name = filled(exact ? words.entries : words.at_least, { count: number(cell.count) });
  const size = width(cell.count) + (exact ? 0 : 8);
  return mark(shown(cell.latitude, cell.longitude), element, size, name, (marker, byKey) => lookInto(cell, marker, byKey));
}

function point(row) {
  const look = looks[row.condition ? row.condition.value : ""];
  const element = made("span", `point tone-${look.tone}`);
  element.append(icon(look.icon));
  const name = `${row.label}. ${row.condition ? row.condition.label : words.no_condition}`;
  const position = shown(row.position.latitude, row.position.longitude);
  return mark(position, element, 28, name, (marker, byKey) => open(marker, card(row), byKey));
}

async function lookInto(cell, marker, byKey) {
  let bounds;
  try {
    bounds = await tight(cell.bbox);
  } catch {
    return say(words.no_answer);
  }
  if (!bounds.isValid()) return draw();
  const apart = Math.max(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth());
  if (apart < NEAR || map.getZoom() >= CLOSEST) return open(marker, await together(cell, bounds), byKey);
  const zoom = Math.min(map.getBoundsZoom(bounds.pad(0.2)), CLOSEST);
  const centre = bounds.getCenter();
  map.setView(shown(centre.lat, centre.lng), Math.max(zoom, map.getZoom() + 1));
  if (byKey) place.focus();
}

// Cards

function conditionLine(row) {
  if (!row.condition) return made("p", "faint", words.no_condition);
  const look = looks[row.condition.value], line = made("p"), inner = made("span", `condition tone-${look.tone}`);
  inner.append(icon(look.icon), made("span", "", row.condition.label));
  line.append(inner);
  if (row.condition.contested) line.append(" ", made("span", "flag tone-harm2", words.disagree));
  return line;
}

function card(row) {
  const content = made("div"), title = made("p", "map-card-title");
  title.append(link(row.url, row.label));
  content.append(title, conditionLine(row));
  const condition = row.condition;
  if (condition && condition.since) {
    const harm = looks[condition.value].tone.startsWith("harm");
    content.append(made("p", "small", harm ? condition.since.text : filled(words.beginning, { date: condition.since.text })));
  }
  if (condition && condition.according_to) {
    content.append(made("p", "small faint", `${words.according_to} ${condition.according_to.label}`));
  }
  return content;
}

async function together(cell, bounds) {
  const centre = bounds.getCenter(), near = NEAR / 2;
  const box = [centre.lng - near, centre.lat - near, centre.lng + near, centre.lat + near].map((side) => side.toFixed(6));
  const content = made("div"), list = made("ul", "plain");
  content.append(made("p", "map-card-title", filled(words.together, { count: number(cell.count) })), list);
  const query = asked(box);
  query.set("page_size", 10);
  try {
    const { monuments } = await (await read(`${told.monuments}?${query}`)).json();
    for (const row of monuments) {
      const item = made("li");
      item.append(link(row.url, row.label), conditionLine(row));
      list.append(item);
    }
  } catch {
    say(words.no_answer);
  }
  query.delete("page_size");
  content.append(link(`${location.pathname}?${query}`, words.list));
  return content;
}

function open(marker, content, byKey) {
  opened = marker;
  const popup = L.popup({ maxWidth: 280, minWidth: 200, offset: [0, -8], autoPanPadding: [24, 24] });
  popup.setLatLng(marker.getLatLng()).setContent(content).openOn(map);
  const frame = popup.getElement();
  frame.setAttribute("role", "dialog");
  frame.setAttribute("aria-label", content.querySelector(".map-card-title").textContent);
  frame.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
  if (byKey) content.querySelector("a").focus();
  map.once("popupclose", () => {
    opened = null;
    const focused = document.activeElement;
    if (focused !== document.body && !frame.contains(focused)) return;
    (marker.getElement() || place).focus({ preventScroll: true });
  });
}

place.addEventListener("keydown", (press) => {
  if (press.key === "Escape") map.closePopup();
});

// Drawing and following

function say(text) {
  status.textContent = text;
}

let drawing;
async function draw() {
  drawing?.abort();
  drawing = new AbortController();
  let view;
  try {
    view = await overview(map.getZoom(), boxOf(map.getBounds()), drawing.signal);
  } catch (trouble) {
    if (trouble.name !== "AbortError") say(words.no_answer);
    return;
  }
  const fresh = new Map();
  const keep = (key, make) => fresh.set(key, marks.get(key) || make());
  for (const one of merged(view)) {
    if (one.row) keep(one.row.ref, () => point(one.row));
    else keep([one.latitude, one.longitude, one.count, view.exact].join(), () => cluster(one, view.exact));
  }
  if (opened) fresh.set("opened", opened);
  const kept = new Set(fresh.values());
  for (const marker of marks.values()) if (!kept.has(marker)) marker.remove();
  for (const marker of kept) marker.addTo(map);
  marks = fresh;
  if (!view.exact) say(words.inexact);
  else if ([words.inexact, words.no_answer].includes(status.textContent)) say("");
}

let following, waiting;
async function follow() {
  following?.abort();
  following = new AbortController();
  const beside = document.getElementById("beside"), address = location.href;
  beside.setAttribute("aria-busy", "true");
  try {
    const text = await (await read(address, following.signal)).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("beside");
    beside.replaceChildren(...fresh.childNodes);
    if (status.textContent !== words.inexact) say(document.getElementById("found").textContent);
  } catch (trouble) {
    if (trouble.name !== "AbortError") say(words.no_answer);
    else return;
  }
  beside.removeAttribute("aria-busy");
}

function moved() {
  const box = boxOf(map.getBounds()), query = new URLSearchParams(location.search);
  query.set("bbox", box.join(","));
  query.delete("after");
  history.replaceState(null, "", `${location.pathname}?${query}`.replaceAll("%2C", ","));
  for (const field of document.querySelectorAll("#filters [name=bbox]")) field.value = box.join(",");
  clearTimeout(waiting);
  waiting = setTimeout(follow, 300);
}

// Background: tiles, and lines of latitude and longitude where there are none

const grid = L.layerGroup();
function ruled() {
  grid.clearLayers();
  const bounds = map.getBounds(), span = bounds.getEast() - bounds.getWest();
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].find((one) => span / one <= 7) || 45;
  const { x, y } = map.getSize(), corner = map.containerPointToLatLng([4, y - 42]), south = Math.max(bounds.getSouth(), -85), north = Math.min(bounds.getNorth(), 85);
  const line = (ends) => L.polyline(ends, { className: "graticule", interactive: false, weight: 1 }).addTo(grid);
  const label = (at, text) => {
    const element = made("span", "", text);
    element.setAttribute("aria-hidden", "true");
    L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ html: element, className: "degree", iconSize: [0, 0] }) }).addTo(grid);
  };
  const digits = step < 1 ? Math.ceil(-Math.log10(step)) : 0;
  const worded = (degrees, positive, negative) => `${Math.abs(degrees).toFixed(digits)}° ${degrees < 0 ? negative : positive}`;
  for (let east = Math.ceil(bounds.getWest() / step) * step; east <= bounds.getEast(); east += step) {
    line([[south, east], [north, east]]);
    const round = ((east + 180) % 360 + 360) % 360 - 180;
    if (map.latLngToContainerPoint([0, east]).x < x - 50) label([corner.lat, east], worded(round, "E", "W"));
  }
  for (let up = Math.ceil(south / step) * step; up <= north; up += step) {
    line([[up, bounds.getWest()], [up, bounds.getEast()]]);
    const height = map.latLngToContainerPoint([up, 0]).y;
    if (height > 100 && height < y - 60) label([up, corner.lng], worded(up, "N", "S"));
  }
}

function background() {
  const { url, credit } = told.tiles, box = document.getElementById("map-background");
  const tiles = url && L.tileLayer(url, { maxZoom: CLOSEST, attribution: credit, referrerPolicy: "strict-origin" });
  let loaded = 0, failed = 0;
  const without = () => { tiles && tiles.remove(); grid.addTo(map); };
  if (!tiles) return without();
  tiles.on("tileload", () => { loaded += 1; grid.remove(); });
  tiles.on("tileerror", () => {
    failed += 1;
    if (!loaded && failed === 4) { without(); box.checked = false; say(words.no_tiles); }
  });
  const choose = () => {
    loaded = failed = 0;
    if (box.checked) { grid.addTo(map); tiles.addTo(map); } else without();
  };
  try { box.checked = localStorage.getItem("map-background") !== "no"; } catch { /* storage may be refused */ }
  box.addEventListener("change", () => {
    try { localStorage.setItem("map-background", box.checked ? "yes" : "no"); } catch { /* storage may be refused */ }
    choose();
  });
  choose();
}

async function start() {
  const box = (new URLSearchParams(location.search).get("bbox") || "").split(",").map(Number);
  let bounds = L.latLngBounds([]);
  if (box.length === 4 && !box.some(Number.isNaN)) bounds = boundsOf(box);
  else {
    try { bounds = (await tight()).pad(0.1); } catch { say(words.no_answer); }
  }
  map.fitBounds(bounds.isValid() ? bounds : [[-55, -170], [75, 170]], { animate: false, maxZoom: 14 });
  background();
  ruled();
  draw();
  map.on("moveend", () => { ruled(); draw(); moved(); });
}

start();
})();
