// GeoJSON to gzip'ed vector tiles, written as one stream of (z, x, y, length, bytes) records for pack_pmtiles.py.
// Usage: node make_tiles.mjs SOURCE_DIR STREAM_FILE
import fs from "node:fs";
import zlib from "node:zlib";
import { GeoJSONVT } from "@maplibre/geojson-vt";
import { fromGeojsonVt } from "@maplibre/vt-pbf";

const [sourceDir, streamFile] = process.argv.slice(2);
const MIN_ZOOM = 2;
const MAX_ZOOM = 9;
const WINDOW = { west: 10, south: 47, east: 36, north: 62 };

// First zoom of each layer: what is too dense to read below it is left out.
const FIRST_ZOOM = { land: 2, water: 5, districts: 5, borders: 2, places: 4, airports: 5 };

// Smallest population that a place needs to be shown at a zoom.
const PLACE_POPULATION = { 4: 500_000, 5: 200_000, 6: 80_000, 7: 30_000, 8: 8_000, 9: 0 };

// The properties that the map style reads; the rest would only make tiles larger.
const KEPT = {
  land: ["id", "core"],
  water: ["km2"],
  districts: ["id", "country", "name"],
  borders: ["id", "a", "b", "kind"],
  places: ["id", "name", "country", "pop"],
  airports: ["icao", "name", "type", "country"],
};

function readLayer(name) {
  const collection = JSON.parse(fs.readFileSync(`${sourceDir}/${name}.geojson`, "utf8"));
  for (const feature of collection.features) {
    const entries = KEPT[name].map((key) => [key, feature.properties[key]]);
    feature.properties = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  return new GeoJSONVT(collection, { maxZoom: MAX_ZOOM, indexMaxZoom: 5, indexMaxPoints: 0, tolerance: 3, buffer: 64 });
}

const columnOf = (lon, z) => Math.floor(((lon + 180) / 360) * 2 ** z);
const rowOf = (lat, z) => {
  const mercator = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return Math.floor(((1 - mercator / Math.PI) / 2) * 2 ** z);
};

function layersOf(z, x, y) {
  const layers = {};
  for (const name of Object.keys(FIRST_ZOOM)) {
    if (z < FIRST_ZOOM[name]) continue;
    const tile = index[name].getTile(z, x, y);
    let features = tile ? tile.features : [];
    if (name === "places") features = features.filter((feature) => feature.tags.pop >= PLACE_POPULATION[z]);
    if (features.length) layers[name] = { ...tile, features };
  }
  return layers;
}

function record(z, x, y, bytes) {
  const head = Buffer.alloc(16);
  [z, x, y, bytes.length].forEach((number, at) => head.writeUInt32LE(number, 4 * at));
  return Buffer.concat([head, bytes]);
}

const index = Object.fromEntries(Object.keys(FIRST_ZOOM).map((name) => [name, readLayer(name)]));
const inside = 1e-3;
const out = fs.openSync(streamFile, "w");
let tiles = 0;
for (let z = MIN_ZOOM; z <= MAX_ZOOM; z++) {
  for (let x = columnOf(WINDOW.west, z); x <= columnOf(WINDOW.east - inside, z); x++) {
    for (let y = rowOf(WINDOW.north, z); y <= rowOf(WINDOW.south + inside, z); y++) {
      const layers = layersOf(z, x, y);
      if (!Object.keys(layers).length) continue;
      const bytes = zlib.gzipSync(fromGeojsonVt(layers, { version: 2 }), { level: 9 });
      fs.writeSync(out, record(z, x, y, bytes));
      tiles += 1;
    }
  }
}
fs.closeSync(out);
console.log(`${tiles} tiles, z${MIN_ZOOM} to z${MAX_ZOOM}`);
