/* Draws <c-map>: GeoJSON, or tiles of this house, on a plain ground. The table below needs none of it. */
const KEYS = ["--sea", "--brick", "--ochre", "--leaf", "--ink", "--edge"];
const NOTHING = { type: "FeatureCollection", features: [] };

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function colour(place) {
  const keys = [...place.querySelectorAll("[data-key]")].map((item) => item.dataset.key);
  if (!keys.length) return ink("--sea");
  const pairs = keys.slice(0, KEYS.length).flatMap((key, index) => [key, ink(KEYS[index])]);
  return ["match", ["to-string", ["get", "key"]], ...pairs, ink("--edge")];
}

function style(place, data) {
  const kind = (name) => ["==", ["geometry-type"], name];
  const painted = colour(place);
  const { tiles } = place.dataset;
  const drawn = tiles ? { source: "things", "source-layer": "records" } : { source: "things" };
  return {
    version: 8,
    sources: {
      outlines: { type: "geojson", data: place.dataset.outlines || NOTHING },
      things: tiles
        ? { type: "vector", tiles: [location.origin + tiles], maxzoom: 16 }
        : { type: "geojson", data },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": ink("--wash") } },
      { id: "outlines", type: "line", source: "outlines", paint: { "line-color": ink("--edge"), "line-width": 1 } },
      { id: "areas", type: "fill", ...drawn, filter: kind("Polygon"), paint: { "fill-color": painted, "fill-opacity": 0.25 } },
      { id: "edges", type: "line", ...drawn, filter: ["!", kind("Point")], paint: { "line-color": painted, "line-width": 2.5 } },
      {
        id: "points", type: "circle", ...drawn, filter: kind("Point"),
        paint: {
          "circle-color": painted,
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 6, 5, 14, 9],
          "circle-stroke-color": ink("--paper"),
          "circle-stroke-width": 1.5,
        },
      },
    ],
  };
}

function bounds(data) {
  const box = [180, 90, -180, -90];
  const walk = (at) => {
    if (typeof at[0] !== "number") return at.forEach(walk);
    box[0] = Math.min(box[0], at[0]);
    box[1] = Math.min(box[1], at[1]);
    box[2] = Math.max(box[2], at[0]);
    box[3] = Math.max(box[3], at[1]);
  };
  for (const one of data.features) if (one.geometry) walk(one.geometry.coordinates);
  return box[0] <= box[2] ? box : null;
}

/* What a mark of a tile says, in the words of a feature that came whole. */
function told(properties, dataset) {
  if (!dataset.tiles) return properties;
  const near = properties.near ? dataset.near.replace("{}", properties.near) : "";
  const about = [properties.about, near].filter(Boolean).join(", ");
  return { ...properties, about, url: `${dataset.records}${properties.id}/` };
}

function words(properties, open) {
  const box = document.createElement("div");
  const add = (tag, text) => {
    const line = document.createElement(tag);
    line.textContent = text;
    box.append(line);
    return line;
  };
  add("strong", properties.title ?? "");
  if (properties.about) add("p", properties.about);
  if (properties.url?.startsWith("/")) add("a", open).href = properties.url;
  return box;
}

async function fetched(place, map, signal) {
  const address = new URL(place.dataset.src, location.href);
  if (map && "frame" in place.dataset) {
    address.searchParams.set("bbox", map.getBounds().toArray().flat().map((one) => one.toFixed(5)).join(","));
    address.searchParams.set("zoom", map.getZoom().toFixed(1));
  }
  const answer = await fetch(address, { signal, headers: { accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function draw(place) {
  const { dataset } = place;
  const sheet = place.querySelector("[data-map-sheet]");
  const said = place.querySelector("[data-map-said]");
  const legend = place.querySelector("[data-map-legend]");
  const tell = (data) => {
    said.textContent = data.partial ? dataset.partial : data.features.length ? "" : dataset.empty;
  };
  said.textContent = dataset.loading;
  let library;
  let map;
  try {
    library = await import(dataset.library);
    library.setWorkerUrl(new URL(dataset.worker, location.href).href);
    sheet.hidden = false;
    const frame = dataset.bbox ? dataset.bbox.split(",").map(Number) : null;
    map = new library.Map({
      container: sheet,
      style: style(place, NOTHING),
      bounds: frame ?? [102, 8, 110, 23.5],
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      cooperativeGestures: true,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      locale: {
        "Map.Title": dataset.title,
        "NavigationControl.ZoomIn": dataset.zoomIn,
        "NavigationControl.ZoomOut": dataset.zoomOut,
        "Popup.Close": dataset.close,
        "CooperativeGesturesHandler.WindowsHelpText": dataset.gestures,
        "CooperativeGesturesHandler.MacHelpText": dataset.gestures,
        "CooperativeGesturesHandler.MobileHelpText": dataset.touch,
      },
    });
  } catch {
    sheet.hidden = true;
    said.textContent = dataset.unable;
    return;
  }
  map.addControl(new library.NavigationControl({ showCompass: false }));
  map.touchZoomRotate.disableRotation();
  if (legend) legend.hidden = false;

  let data = NOTHING;
  let asking = new AbortController();
  const refresh = async () => {
    asking.abort();
    asking = new AbortController();
    try {
      data = await fetched(place, map, asking.signal);
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = dataset.broken;
      return false;
    }
    map.getSource("things").setData(data);
    tell(data);
    return true;
  };

  let missed = "";
  if (dataset.tiles) map.on("error", () => { missed = said.textContent = dataset.broken; });
  await map.once("load");
  if (dataset.tiles) said.textContent = missed;
  else if (await refresh()) {
    const box = dataset.bbox ? null : bounds(data);
    if (box) map.fitBounds(box, { padding: 48, maxZoom: 16, animate: false });
  }
  if ("frame" in dataset) map.on("moveend", refresh);
  for (const layer of ["points", "edges", "areas"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["points", "edges", "areas"] });
    if (!found) return;
    new library.Popup({ maxWidth: "20rem" }).setLngLat(event.lngLat).setDOMContent(words(told(found.properties, dataset), dataset.open)).addTo(map);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(style(place, data)));
  sheet.dataset.drawn = "";
}

for (const place of document.querySelectorAll("[data-map]:not([data-map-begun])")) {
  place.dataset.mapBegun = "";
  draw(place);
}
