/** Writes resources/demo/roads.geojson, the map's drawing of resources/demo/roads: `node tools/build-demo-roads.ts` after a change there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { CITIES } from '#electron/simulator/roads/cities.ts';
import { buildNetwork } from '#electron/simulator/roads/network.ts';
import { placesOf, roadsFile } from './build-basemap-roads.ts';

const resources = new URL('../resources/', import.meta.url);
const labels = JSON.parse(readFileSync(new URL('basemap/labels.geojson', resources), 'utf8')) as Parameters<typeof placesOf>[0];
const file = new URL('demo/roads.geojson', resources);
writeFileSync(file, roadsFile(CITIES.map(buildNetwork), placesOf(labels)));
console.log(`wrote ${file.pathname}`);
