import { existsSync, readFileSync } from 'node:fs';
import { createCatalogue, FIRST_ADDITIONAL_NUMBER, LAST_NUMBER, STATIC_PARAMETERS, type ParameterCatalogue, type ParameterEntry } from '#shared/domain/telemetry/catalogue/index.ts';
import { dbcHash } from '#shared/domain/telemetry/dbc/hash.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder, type Decoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { usualNotAvailable } from '#shared/domain/telemetry/decode/not-available.ts';
import type { BusBinding, FrameDecoder } from '#shared/domain/telemetry/processor/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { DbcArgument } from './arguments.ts';

export interface LoadedDbc {
  readonly file: string;
  readonly bus: number | undefined;
  readonly hash: string;
  readonly decoder: Decoder;
  /** What could not be read of it, first lines. */
  readonly errors: readonly string[];
}

/** Reads DBC files. Throws AppError not-found or invalid-input, in words. */
export function loadDatabases(wanted: readonly DbcArgument[]): LoadedDbc[] {
  return wanted.map(({ bus, file }) => {
    if (!existsSync(file)) throw new AppError('not-found', `There is no DBC file ${file}.`);
    const bytes = readFileSync(file);
    const { database, diagnostics } = parseDbc(bytes);
    if (database.messages.length === 0) throw new AppError('invalid-input', `${file} is no DBC file, or describes no message.`);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ line, message }) => `line ${line}: ${message}`);
    return { file, bus, hash: dbcHash(bytes), decoder: createDecoder(database, { notAvailable: usualNotAvailable }), errors };
  });
}

/** A catalogue with a parameter for every signal of the files, and the numbers they got. */
export function catalogueFor(loaded: readonly LoadedDbc[]): { readonly catalogue: ParameterCatalogue; numberOf(dbc: LoadedDbc, signal: number): number } {
  const additional: ParameterEntry[] = [];
  const firstOf = new Map<LoadedDbc, number>();
  let next = FIRST_ADDITIONAL_NUMBER;
  for (const dbc of loaded) {
    firstOf.set(dbc, next);
    for (const { index, messageName, name, unit } of dbc.decoder.signals) {
      const number = next + index;
      if (number > LAST_NUMBER) break;
      additional.push({ number, key: `signal${number}`, label: `${messageName}.${name}`, unit, group: 'Other', kind: 'number', decimals: 3, deadBand: 0, storagePeriod: 60_000 });
    }
    next += dbc.decoder.signals.length;
  }
  const catalogue = createCatalogue(STATIC_PARAMETERS, additional);
  return { catalogue, numberOf: (dbc, signal) => (catalogue.byNumber((firstOf.get(dbc) ?? 0) + signal) ? (firstOf.get(dbc) ?? 0) + signal : 0) };
}

/** One binding for the files of a bus; of files that know the same id the first counts. */
export function bindBus(files: readonly LoadedDbc[], numberOf: (dbc: LoadedDbc, signal: number) => number): BusBinding | undefined {
  const [first] = files;
  if (!first) return undefined;
  const messages: FrameDecoder['messages'][number][] = [];
  const numbers: number[] = [];
  const shifted = files.map((dbc) => {
    const [messageShift, signalShift] = [messages.length, numbers.length];
    for (const message of dbc.decoder.messages) {
      messages.push({ message: message.message, index: message.index + messageShift, firstSignal: message.firstSignal + signalShift, signalCount: message.signalCount, decode: (...args) => message.decode(...args) });
    }
    for (const { index } of dbc.decoder.signals) numbers.push(numberOf(dbc, index));
    return { decoder: dbc.decoder, messageShift };
  });
  return {
    parameterOf: Uint16Array.from(numbers),
    dbcHash: first.hash,
    decoder: {
      messages,
      maximumSignals: Math.max(...files.map((dbc) => dbc.decoder.maximumSignals)),
      lookup(id, extended) {
        for (const { decoder, messageShift } of shifted) {
          const found = decoder.lookup(id, extended);
          if (found) return messages[found.index + messageShift];
        }
        return undefined;
      },
    },
  };
}
