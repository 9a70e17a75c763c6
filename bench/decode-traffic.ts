import type { DbcDatabase, DbcMessage } from '#shared/domain/telemetry/dbc/model.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { compileEncoder } from '#shared/domain/telemetry/decode/encode.ts';
import { seededIntegers } from './decode-databases.ts';

/** Frames as columns; frame i belongs to database `source[i]`. */
export interface Traffic {
  readonly count: number;
  readonly source: Uint8Array;
  readonly id: Uint32Array;
  readonly extended: Uint8Array;
  readonly at: Uint32Array;
  readonly length: Uint8Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
}

export function parseAll(texts: readonly string[]): DbcDatabase[] {
  return texts.map((text) => parseDbc(text).database);
}

/** `count` frames of all messages of all databases in random order, random payloads, multiplexors at values that have a branch. Messages of at most 8 bytes. */
export function randomTraffic(databases: readonly DbcDatabase[], count: number, seed: number): Traffic {
  const next = seededIntegers(seed);
  const traffic = { count, source: new Uint8Array(count), id: new Uint32Array(count), extended: new Uint8Array(count), at: new Uint32Array(count), length: new Uint8Array(count), bytes: new Uint8Array(count * 8) };
  const makers = databases.map((database) => database.messages.filter(({ length }) => length > 0 && length <= 8).map((message) => ({ message, encoder: compileEncoder(message) })));
  const view = new DataView(traffic.bytes.buffer);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const source = next() % databases.length;
    const messages = makers[source] ?? [];
    const maker = messages[next() % messages.length];
    if (maker === undefined) throw new RangeError('a database without messages of 1 to 8 bytes');
    traffic.source[i] = source;
    traffic.id[i] = maker.message.id;
    traffic.extended[i] = maker.message.extended ? 1 : 0;
    traffic.at[i] = at;
    traffic.length[i] = maker.encoder.encode(randomValues(maker.message, next), traffic.bytes, at);
    at += maker.message.length;
  }
  return { ...traffic, view };
}

/** Values over the whole range of the bits; of a multiplexor, one that selects something. */
function randomValues(message: DbcMessage, next: () => number): Float64Array {
  return Float64Array.from(message.signals, (signal) => {
    const branches = message.signals.filter(({ multiplexing }) => multiplexing?.selector === signal.name);
    const raw = branches.length > 0 ? branches[next() % branches.length]?.multiplexing?.ranges[0]?.[0] ?? 0 : (next() / 2 ** 32) * 2 ** Math.min(32, signal.length) - (signal.signed ? 2 ** (Math.min(32, signal.length) - 1) : 0);
    return Math.floor(raw) * signal.scale + signal.offset;
  });
}
