import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { dbcHash } from '#shared/domain/telemetry/dbc/hash.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { createBinding, type BusBinding } from '#shared/domain/telemetry/processor/index.ts';
import type { Log } from '#shared/kernel/ports.ts';
import type { VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import { z } from 'zod';

/** Which parameter each signal of a DBC file is, and its raw values that mean "no value". */
const signalMap = z.object({
  dbc: z.string(),
  signals: z.array(z.object({ message: z.string(), signal: z.string(), parameter: z.string(), notAvailable: z.array(z.number()).default([]) })),
});
const signalMaps = z.object({ version: z.literal(1), maps: z.record(z.string(), signalMap) });
type SignalMap = z.output<typeof signalMap>;

const MAP_FILE = 'signal-map.json';

/**
 * DBC files by their content: those that come with the product and those an installation put into `dbc` of its data folder. Files
 * are parsed and compiled when the first unit needs them.
 */
export class DbcLibrary {
  readonly #catalogue: ParameterCatalogue;
  readonly #log: Log;
  readonly #files = new Map<string, { readonly path: string; readonly map: SignalMap | undefined }>();
  readonly #maps: Record<string, SignalMap> = {};
  readonly #bindings = new Map<string, BusBinding | undefined>();

  constructor(options: { readonly resourcesFolder: string; readonly dataFolder: string; readonly catalogue: ParameterCatalogue; readonly log: Log }) {
    this.#catalogue = options.catalogue;
    this.#log = options.log.child('dbc');
    for (const folder of [join(options.resourcesFolder, 'demo'), join(options.dataFolder, 'dbc')]) Object.assign(this.#maps, this.#readMaps(join(folder, MAP_FILE)));
    for (const folder of [join(options.resourcesFolder, 'dbc'), join(options.dataFolder, 'dbc')]) {
      if (!existsSync(folder)) continue;
      for (const name of readdirSync(folder).filter((file) => file.toLowerCase().endsWith('.dbc')).sort()) {
        const path = join(folder, name);
        const map = Object.values(this.#maps).find((candidate) => candidate.dbc === name);
        this.#files.set(dbcHash(readFileSync(path)), { path, map });
      }
    }
  }

  /** Hashes of the files at hand (`sha256:…`) by file name. */
  files(): ReadonlyMap<string, string> {
    return new Map([...this.#files].map(([hash, { path }]) => [path.split(/[\\/]/).at(-1) ?? path, hash]));
  }

  /**
   * The binding of a bus: by the hash the unit names where that file is at hand, else by the assignment of its model that is valid
   * at `now` (epoch ms). Undefined where neither is known.
   */
  resolve(model: VehicleModelRow | undefined, bus: number, named: string | undefined, now: number): BusBinding | undefined {
    const hash = named === undefined || named.startsWith('sha256:') ? named : `sha256:${named}`;
    const assigned = model?.dbc.filter((entry) => entry.bus === bus && (entry.validFrom ?? 0) <= now && (entry.validTo ?? Number.POSITIVE_INFINITY) > now) ?? [];
    const chosen = assigned.find((entry) => entry.hash === hash) ?? (hash !== undefined && this.#files.has(hash) ? { hash, signalMap: undefined } : assigned[0]);
    return chosen && this.#binding(chosen.hash, chosen.signalMap);
  }

  #binding(hash: string, mapName: string | undefined): BusBinding | undefined {
    const key = `${hash} ${mapName ?? ''}`;
    if (!this.#bindings.has(key)) this.#bindings.set(key, this.#load(hash, mapName));
    return this.#bindings.get(key);
  }

  #load(hash: string, mapName: string | undefined): BusBinding | undefined {
    const file = this.#files.get(hash);
    if (!file) {
      this.#log.write('warn', 'a DBC file is assigned and not at hand', { hash });
      return undefined;
    }
    const { database, diagnostics } = parseDbc(readFileSync(file.path));
    if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) this.#log.write('warn', 'a DBC file has errors; what could be read is used', { path: file.path, errors: diagnostics.length });
    const map = (mapName === undefined ? undefined : this.#maps[mapName]) ?? file.map;
    const entries = new Map(map?.signals.map((entry) => [`${entry.message}.${entry.signal}`, entry]));
    const decoder = createDecoder(database, { mode: 'compiled', notAvailable: (message, signal) => entries.get(`${message.name}.${signal.name}`)?.notAvailable ?? [] });
    // Without a map a signal is the parameter whose key it bears.
    return createBinding(decoder, hash, (message, signal) => this.#catalogue.numberOf(map ? (entries.get(`${message}.${signal}`)?.parameter ?? '') : signal));
  }

  #readMaps(path: string): Record<string, SignalMap> {
    if (!existsSync(path)) return {};
    const parsed = signalMaps.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return parsed.data.maps;
    this.#log.write('error', 'a signal map cannot be read', { path, problem: z.prettifyError(parsed.error) });
    return {};
  }
}
