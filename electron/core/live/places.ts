import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGazetteer, type Gazetteer, type Place } from '#shared/domain/geo/gazetteer.ts';
import { parseGazetteer } from '#shared/domain/geo/gazetteer-data.ts';
import type { Log } from '#shared/kernel/ports.ts';

/** A place is looked up again when the vehicle has moved this far, degrees (about 500 m). */
const MOVED = 0.005;

/** Names of the places where vehicles are, remembered per slot until the vehicle has moved. */
export class PlaceNames {
  readonly #gazetteer: Gazetteer | undefined;
  readonly #known = new Map<number, { lat: number; lon: number; name: string | undefined }>();

  constructor(gazetteer: Gazetteer | undefined) {
    this.#gazetteer = gazetteer;
  }

  /** "Place, City" of a position, or undefined where it is unknown. */
  at(slot: number, lat: number, lon: number): string | undefined {
    if (!this.#gazetteer || Number.isNaN(lat) || Number.isNaN(lon)) return undefined;
    const known = this.#known.get(slot);
    if (known && Math.abs(known.lat - lat) < MOVED && Math.abs(known.lon - lon) < MOVED) return known.name;
    const name = this.nearest(lat, lon);
    this.#known.set(slot, { lat, lon, name });
    return name;
  }

  /** Places by name; none without a gazetteer. */
  search(text: string, limit: number): readonly Place[] {
    return this.#gazetteer?.search(text, limit) ?? [];
  }

  /** "Place, City" of any position; looks it up each time. */
  nearest(lat: number, lon: number): string | undefined {
    if (!this.#gazetteer || Number.isNaN(lat) || Number.isNaN(lon)) return undefined;
    const found = this.#gazetteer.nearest(lat, lon);
    return found && (found.city === found.place ? found.place : `${found.place}, ${found.city}`);
  }
}

/** The gazetteer that comes with the product; without it places have no names. */
export function loadPlaceNames(resourcesFolder: string, log: Log): PlaceNames {
  try {
    return new PlaceNames(createGazetteer(parseGazetteer(JSON.parse(readFileSync(join(resourcesFolder, 'gazetteer', 'places.json'), 'utf8')))));
  } catch (error) {
    log.write('warn', 'the gazetteer cannot be read; places have no names', { error });
    return new PlaceNames(undefined);
  }
}
