import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { dbcHash } from '#shared/domain/telemetry/dbc/hash.ts';
import type { DbcDatabase, DbcDiagnostic } from '#shared/domain/telemetry/dbc/model.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { createBinding, type BusBinding } from '#shared/domain/telemetry/processor/index.ts';
import { inVersionRange } from '#shared/domain/fleet/versions.ts';
import type { Log } from '#shared/kernel/ports.ts';
import type { DbcFileRow } from '#shared/resources/dbc-file.ts';
import { mappedSignal, type MappedSignal, type SignalMapRow } from '#shared/resources/signal-map.ts';
import type { DbcAssignment, VehicleModelRow } from '#shared/resources/vehicle-model.ts';

const signalMaps = z.object({ version: z.literal(1), maps: z.record(z.string(), z.object({ dbc: z.string(), signals: z.array(z.object({ ...mappedSignal.shape, unit: z.string().optional() })) })) });

const MAP_FILE = 'signal-map.json';

/** A file at hand: with the product, in `dbc` of the data folder, or added by the installation. */
export interface LibraryFile {
  readonly hash: string;
  readonly fileName: string;
  readonly source: 'product' | 'installation' | 'folder';
  readonly bytes: () => Uint8Array;
  readonly row?: DbcFileRow;
}

export interface LibraryMap {
  readonly name: string;
  readonly signals: readonly MappedSignal[];
  readonly source: 'product' | 'installation';
  /** File for which the map was made, where it names one. */
  readonly dbc?: string;
  readonly row?: SignalMapRow;
}

export interface ParsedFile {
  readonly database: DbcDatabase;
  readonly diagnostics: readonly DbcDiagnostic[];
}

/** What the operations database has of files and maps. */
export interface LibraryRows {
  files(): readonly DbcFileRow[];
  maps(): readonly SignalMapRow[];
}

/** The bus, its unit, and what both say of themselves. */
export interface BusQuestion {
  readonly model: VehicleModelRow | undefined;
  readonly bus: number;
  /** Hash that the unit names for the bus. */
  readonly named: string | undefined;
  readonly software: string | undefined;
  /** Epoch ms. */
  readonly at: number;
}

/** DBC files by their content, and signal maps by name. Files are parsed and compiled when the first unit needs them. */
export class DbcLibrary {
  readonly #options: { readonly resourcesFolder: string; readonly dataFolder: string; readonly catalogue: ParameterCatalogue; readonly rows?: LibraryRows };
  readonly #log: Log;
  readonly #files = new Map<string, LibraryFile>();
  readonly #maps = new Map<string, LibraryMap>();
  /** Undefined: cannot be read; tried again when the files are looked for again. */
  readonly #parsed = new Map<string, ParsedFile | undefined>();
  readonly #bindings = new Map<string, BusBinding | undefined>();

  constructor(options: { readonly resourcesFolder: string; readonly dataFolder: string; readonly catalogue: ParameterCatalogue; readonly log: Log; readonly rows?: LibraryRows }) {
    this.#options = options;
    this.#log = options.log.child('dbc');
    this.refresh();
  }

  /** Looks again at what is at hand; buses have to be bound anew afterwards. */
  refresh(): void {
    const { resourcesFolder, dataFolder, rows } = this.#options;
    this.#files.clear();
    this.#maps.clear();
    this.#bindings.clear();
    for (const folder of [join(resourcesFolder, 'demo'), join(dataFolder, 'dbc')]) this.#readMaps(join(folder, MAP_FILE));
    this.#readFolder(join(resourcesFolder, 'dbc'), 'product');
    this.#readFolder(join(dataFolder, 'dbc'), 'folder');
    for (const row of rows?.files() ?? []) if (!this.#files.has(row.hash)) this.#files.set(row.hash, { hash: row.hash, fileName: row.fileName, source: 'installation', bytes: () => Buffer.from(row.content, 'base64'), row });
    for (const row of rows?.maps() ?? []) {
      const product = this.#maps.get(row.name.toLowerCase());
      this.#maps.set(row.name.toLowerCase(), { name: row.name, signals: row.signals, source: 'installation', row, ...(product?.dbc === undefined ? {} : { dbc: product.dbc }) });
    }
    for (const [hash, parsed] of this.#parsed) if (parsed === undefined || !this.#files.has(hash)) this.#parsed.delete(hash);
  }

  /** Every file at hand, by name and newest last. */
  files(): readonly LibraryFile[] {
    return [...this.#files.values()].sort((a, b) => a.fileName.localeCompare(b.fileName) || (a.row?.createdAt ?? 0) - (b.row?.createdAt ?? 0));
  }

  file(hash: string): LibraryFile | undefined {
    return this.#files.get(hash);
  }

  maps(): readonly LibraryMap[] {
    return [...this.#maps.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** A map by its name, in any case. */
  map(name: string): LibraryMap | undefined {
    return this.#maps.get(name.toLowerCase());
  }

  /** The file with what was found in it; undefined where it is not at hand. */
  parsed(hash: string): ParsedFile | undefined {
    if (this.#parsed.has(hash)) return this.#parsed.get(hash);
    const file = this.#files.get(hash);
    if (!file) return undefined;
    try {
      const parsed = parseDbc(file.bytes());
      this.#parsed.set(hash, parsed);
      return parsed;
    } catch (error) {
      // Somebody has taken it out of the folder since: messages that need it are kept and not decoded.
      this.#log.write('error', 'a DBC file cannot be read', { fileName: file.fileName, problem: String(error) });
      this.#parsed.set(hash, undefined);
      return undefined;
    }
  }

  /**
   * What decodes a bus: an assignment of its model that holds for the unit's software at that time, else the file the unit names
   * where that is at hand. Of several assignments that hold, the file the unit names counts first, then one for a software range
   * before one for any, then a later one before an earlier. Undefined where nothing is known.
   */
  assigned({ model, bus, named, software, at }: BusQuestion): { readonly hash: string; readonly signalMap: string | undefined } | undefined {
    const hash = named === undefined || named.startsWith('sha256:') ? named : `sha256:${named}`;
    const [best] = (model?.dbc ?? [])
      .filter((entry) => entry.bus === bus && (entry.validFrom ?? 0) <= at && (entry.validTo ?? Number.POSITIVE_INFINITY) > at)
      .filter((entry) => !isRanged(entry) || (software !== undefined && inVersionRange(software, entry.softwareFrom, entry.softwareTo)))
      .sort((a, b) => Number(b.hash === hash) - Number(a.hash === hash) || Number(isRanged(b)) - Number(isRanged(a)) || (b.validFrom ?? 0) - (a.validFrom ?? 0));
    if (best) return { hash: best.hash, signalMap: best.signalMap };
    return hash !== undefined && this.#files.has(hash) ? { hash, signalMap: undefined } : undefined;
  }

  /** The binding of a bus, see `assigned`. */
  resolve(question: BusQuestion): BusBinding | undefined {
    const found = this.assigned(question);
    return found && this.binding(found.hash, found.signalMap);
  }

  /** The binding of a file by a signal map; without one, by the map made for a file of this name, else by signals that bear keys. */
  binding(hash: string, mapName: string | undefined): BusBinding | undefined {
    const key = `${hash} ${mapName ?? ''}`;
    if (!this.#bindings.has(key)) this.#bindings.set(key, this.#load(hash, mapName));
    return this.#bindings.get(key);
  }

  /** The map that a binding of this file uses; undefined: signals are the parameters whose keys they bear. */
  mapOf(hash: string, mapName: string | undefined): LibraryMap | undefined {
    const named = mapName === undefined ? undefined : this.map(mapName);
    return named ?? [...this.#maps.values()].find((map) => map.dbc !== undefined && map.dbc === this.#files.get(hash)?.fileName);
  }

  #load(hash: string, mapName: string | undefined): BusBinding | undefined {
    const parsed = this.parsed(hash);
    if (!parsed) {
      this.#log.write('warn', 'a DBC file is assigned and not at hand', { hash });
      return undefined;
    }
    const errors = parsed.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    if (errors > 0) this.#log.write('warn', 'a DBC file has errors; what could be read is used', { hash, errors });
    const map = this.mapOf(hash, mapName);
    const entries = new Map(map?.signals.map((entry) => [`${entry.message}.${entry.signal}`, entry]));
    const decoder = createDecoder(parsed.database, { mode: 'compiled', notAvailable: (message, signal) => entries.get(`${message.name}.${signal.name}`)?.notAvailable ?? [] });
    const { catalogue } = this.#options;
    return createBinding(decoder, hash, (message, signal) => catalogue.numberOf(map ? (entries.get(`${message}.${signal}`)?.parameter ?? '') : signal));
  }

  #readFolder(folder: string, source: 'product' | 'folder'): void {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).filter((file) => file.toLowerCase().endsWith('.dbc')).sort()) {
      const path = join(folder, name);
      try {
        const hash = dbcHash(readFileSync(path));
        this.#files.set(hash, { hash, fileName: name, source, bytes: () => readFileSync(path) });
      } catch (error) {
        this.#log.write('error', 'a DBC file cannot be read', { path, problem: String(error) });
      }
    }
  }

  #readMaps(path: string): void {
    if (!existsSync(path)) return;
    const problem = (text: string): void => this.#log.write('error', 'a signal map cannot be read', { path, problem: text });
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      // A file that somebody is writing or has broken does not keep the program from starting.
      problem(String(error));
      return;
    }
    const parsed = signalMaps.safeParse(content);
    if (!parsed.success) {
      problem(z.prettifyError(parsed.error));
      return;
    }
    for (const [name, map] of Object.entries(parsed.data.maps)) this.#maps.set(name.toLowerCase(), { name, dbc: map.dbc, source: 'product', signals: map.signals.map(({ unit: _, ...entry }) => entry) });
  }
}

function isRanged({ softwareFrom, softwareTo }: DbcAssignment): boolean {
  return softwareFrom !== undefined || softwareTo !== undefined;
}
