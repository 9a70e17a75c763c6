import type { OutputOf } from '#shared/contract/index.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder, type Decoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { inspectFrame, type InspectedSignal } from '#shared/domain/telemetry/decode/inspect.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

/** A DBC file as a window decodes with it; the page's content policy forbids generated code, so by the interpreter. */
export interface FrameDatabase {
  readonly hash: string;
  readonly fileName: string;
  readonly decoder: Decoder;
  /** Key of the parameter by `message.signal`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Makes a database of what the core answers. */
export function frameDatabase({ hash, fileName, content, parameters }: OutputOf<'can.database'>): FrameDatabase {
  const { database } = parseDbc(content);
  return { hash, fileName, decoder: createDecoder(database, { mode: 'interpreted' }), parameters: new Map(parameters.map((entry) => [`${entry.message}.${entry.signal}`, entry.parameter])) };
}

/** Asks for DBC files, each once. */
export function createDatabases(rpc: Rpc): (hash: string) => Promise<FrameDatabase> {
  const asked = new Map<string, Promise<FrameDatabase>>();
  return (hash) => {
    const known = asked.get(hash);
    if (known) return known;
    const answer = rpc.call('can.database', { hash }).then(frameDatabase);
    asked.set(hash, answer);
    answer.catch(() => asked.delete(hash));
    return answer;
  };
}

export interface FrameReading {
  readonly message: string;
  /** Length the file gives it, bytes. */
  readonly length: number;
  readonly signals: readonly InspectedSignal[];
}

/** What a frame says by a file; undefined for an id the file does not have. */
export function readFrame(database: FrameDatabase | undefined, id: number, extended: boolean, data: Uint8Array): FrameReading | undefined {
  const found = database && inspectFrame(database.decoder, id, extended, data);
  return found && { message: found.message.message.name, length: found.message.message.length, signals: found.signals };
}
