import { readFileSync } from 'node:fs';
import { createCatalogue, type ParameterCatalogue } from '../domain/telemetry/catalogue/index.ts';
import { dbcHash } from '../domain/telemetry/dbc/hash.ts';
import type { DbcDatabase } from '../domain/telemetry/dbc/model.ts';
import { parseDbc } from '../domain/telemetry/dbc/parse.ts';
import { createDecoder } from '../domain/telemetry/decode/decoder.ts';
import { createBinding, type BusBinding } from '../domain/telemetry/processor/index.ts';

interface MappedSignal {
  readonly message: string;
  readonly signal: string;
  readonly parameter: string;
  readonly notAvailable?: readonly number[];
}

/** The bus of a demo vehicle with its decoder bound to the catalogue, read from `resources/`. */
export function demoBus(name: 'two-wheeler' | 'three-wheeler', catalogue: ParameterCatalogue = createCatalogue()): { readonly database: DbcDatabase; readonly binding: BusBinding } {
  const { maps } = JSON.parse(readFileSync('resources/demo/signal-map.json', 'utf8')) as { maps: Record<string, { signals: readonly MappedSignal[] }> };
  const bytes = readFileSync(`resources/dbc/${name}.dbc`);
  const { database } = parseDbc(bytes);
  const mapped = new Map(maps[name]?.signals.map((item) => [`${item.message}.${item.signal}`, item]));
  const decoder = createDecoder(database, { notAvailable: (message, signal) => mapped.get(`${message.name}.${signal.name}`)?.notAvailable ?? [] });
  const binding = createBinding(decoder, dbcHash(bytes), (message, signal) => catalogue.numberOf(mapped.get(`${message}.${signal}`)?.parameter ?? ''));
  return { database, binding };
}
