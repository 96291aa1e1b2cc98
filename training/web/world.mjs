// Draws the countries of world-atlas (Natural Earth, public domain) once, with d3-geo, as paths on a Mercator plane whose
// coordinates the server can compute itself: x = 1000 * (lon + 180) / 360, y = 500 - 1000 * ln(tan(pi/4 + lat/2)) / (2 pi).
// Run: npm install d3-geo topojson-client world-atlas, then: node training/web/world.mjs NODE_MODULES OUT.json
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const [, , modules, out] = process.argv;
const load = (p) => import(pathToFileURL(`${modules}/${p}`));
const { geoMercator, geoPath } = await load("d3-geo/dist/d3-geo.mjs");
const { feature } = createRequire(import.meta.url)(`${modules}/topojson-client/dist/topojson-client.js`);
const projection = geoMercator().scale(1000 / (2 * Math.PI)).translate([500, 500]).precision(0.05);
const made = {};
for (const [level, digits] of [["110m", 1], ["50m", 2]]) {
  const topology = JSON.parse(readFileSync(`${modules}/world-atlas/countries-${level}.json`, "utf8"));
  const path = geoPath(projection).digits(digits);
  made[level] = [];
  for (const country of feature(topology, topology.objects.countries).features) {
    if (country.properties.name === "Antarctica") continue;
    const d = path(country);
    if (!d) continue;
    const box = path.bounds(country).flat().map((v) => Math.round(v * 10) / 10);
    made[level].push({ id: country.id ?? "", name: country.properties.name, box, d });
  }
}
writeFileSync(out, JSON.stringify(made));
