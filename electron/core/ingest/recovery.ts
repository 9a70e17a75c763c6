import { DELIVERY, QUALITY } from '#shared/domain/telemetry/envelope/index.ts';
import { createDecodedMessage, resetDecodedMessage, type DecodedMessage, type Processor } from '#shared/domain/telemetry/processor/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { ROW_FLAG, type Batch } from '../store/telemetry/batch.ts';
import { batchOf } from '../store/telemetry/batch-builder.ts';
import type { HistoryStore } from '../store/telemetry/history-store.ts';
import { readPayload } from './stored-payload.ts';
import { suffixOfCode } from './suffix-codes.ts';
import type { IngestUnit, UnitRegistry } from './unit-registry.ts';

export interface LogSource {
  readLog(after: number): Promise<{ batch: Batch; last: number; damaged: number }>;
}

/** An engine beside the live fleet that hears every message once more after a restart, and then follows the pipeline. */
export interface LogFollower {
  /** The sequence up to which it knows the log with this identity; Infinity: it begins with what comes. */
  after(epoch: string): number;
  /** A message of the log; valid during the call. Hearing one twice changes nothing. */
  apply(unit: IngestUnit, message: DecodedMessage): void;
}

export interface Recovered {
  readonly messages: number;
  readonly damaged: number;
  readonly last: number;
}

/**
 * Rows before the snapshot that are looked at for messages of units that number nothing: a snapshot does not hold what was seen of them,
 * and what a broker sends again was received last.
 */
export const LOOK_BACK = 20_000;

/**
 * Brings the live fleet and the memory of sequences from a snapshot's sequence to the end of the log. A message whose payload is kept is
 * read again as it was received, so that nothing of it is missing; otherwise its stored values count.
 */
export async function replayLog(source: LogSource, after: number, deps: { readonly registry: UnitRegistry; readonly state: FleetState; readonly processor: Processor; readonly follower?: { readonly after: number; readonly apply: LogFollower['apply'] } }): Promise<Recovered> {
  const replay = new Replay(deps.processor);
  const { follower } = deps;
  let messages = 0;
  let damaged = 0;
  let at = Math.max(0, Math.min(after - LOOK_BACK, follower?.after ?? after));
  let next = source.readLog(at);
  for (;;) {
    const stretch = await next;
    if (stretch.last === at) return { messages, damaged, last: Math.max(at, after) };
    const { batch } = stretch;
    // The reader's thread goes on while this one applies.
    next = source.readLog(stretch.last);
    // It is awaited in the next round; should this one throw, its failure is nobody's.
    next.catch(() => undefined);
    damaged += stretch.damaged;
    // Damaged rows are left out, so the place of a row in the log is only known where there are none.
    // The log may begin behind what was asked for: hours that are sealed and applied are gone from it.
    const begin = stretch.last - batch.count;
    const before = stretch.damaged === 0 ? Math.max(0, Math.min(batch.count, after - begin)) : stretch.last <= after ? batch.count : 0;
    for (let i = 0; i < batch.count; i++) {
      const unit = deps.registry.byNumber(batch.unit[i] as number);
      if (!unit) continue;
      if (i < before) replay.remember(unit, batch, i);
      const heard = follower !== undefined && (stretch.damaged === 0 ? begin + i >= follower.after : stretch.last > follower.after);
      if (i < before && !heard) continue;
      const message = replay.read(unit, batch, i);
      if (message === undefined) continue;
      if (i >= before) deps.state.apply(unit.slot, message);
      if (heard) follower.apply(unit, message);
    }
    messages += batch.count - before;
    at = stretch.last;
  }
}

export interface Recalled {
  /** Every unit was asked about. */
  readonly whole: boolean;
  /** Units that could not be read. */
  readonly failed: readonly { readonly unit: string; readonly error: unknown }[];
}

/** Rows of a unit that are looked at without a snapshot: each of its values is stored once a minute at least while it reports. */
const RECALLED = 200;
/** Units that are asked about at once: whoever looks at history meanwhile waits for no more. */
const TOGETHER = 8;

/**
 * Brings what is stored last of each unit into the live fleet, where there is no snapshot (a new version, damage) and the log does not
 * reach back: sealed hours are gone from it. The fleet takes the newest of each value whatever comes first, so this may go on while messages
 * come in. Throws where the log cannot be read. `stopped` ends it.
 */
export async function recallSealed(history: Pick<HistoryStore, 'rows'>, source: LogSource, deps: { readonly registry: UnitRegistry; readonly state: FleetState; readonly processor: Processor }, stopped: () => boolean = () => false): Promise<Recalled> {
  const stretch = await source.readLog(0);
  const end = stretch.last === 0 ? Infinity : stretch.last - stretch.batch.count - stretch.damaged + 1;
  const failed: { unit: string; error: unknown }[] = [];
  if (end === 1) return { whole: true, failed };
  const replay = new Replay(deps.processor);
  const units = [...deps.registry.all()];
  for (let from = 0; from < units.length; from += TOGETHER) {
    if (stopped()) return { whole: false, failed };
    const together = units.slice(from, from + TOGETHER);
    const read = await Promise.allSettled(
      together.map(async (unit) => {
        const { rows } = await history.rows({ unit: unit.number, from: 0, to: Number.MAX_SAFE_INTEGER, limit: RECALLED, newestFirst: true });
        const batch = batchOf(rows.filter((row) => row.sequence < end).toReversed().map((row) => ({ ...row, unit: unit.number, values: Array.from(row.values, (value, i) => [row.parameters[i] as number, value] as const) })));
        for (let i = 0; i < batch.count; i++) {
          const message = replay.read(unit, batch, i);
          if (message) deps.state.apply(unit.slot, message);
        }
      }),
    );
    read.forEach((outcome, i) => {
      if (outcome.status === 'rejected') failed.push({ unit: together[i]?.deviceId ?? '', error: outcome.reason });
    });
  }
  return { whole: true, failed };
}

class Replay {
  readonly #processor: Processor;
  readonly #message: DecodedMessage = createDecodedMessage();

  constructor(processor: Processor) {
    this.#processor = processor;
  }

  /** Notes what a unit that numbers nothing has sent before the snapshot. */
  remember(unit: IngestUnit, batch: Batch, i: number): void {
    const flags = batch.flags[i] as number;
    if ((flags & ROW_FLAG.hashed) !== 0) noteSeen(unit, batch, i, flags, batch.received[i] as number);
  }

  /** What a row says; undefined where nothing. */
  read(unit: IngestUnit, batch: Batch, i: number): DecodedMessage | undefined {
    const flags = batch.flags[i] as number;
    const received = batch.received[i] as number;
    const continued = (flags & ROW_FLAG.continued) !== 0;
    noteSeen(unit, batch, i, flags, received);
    const payload = batch.payloadOf(i);
    const suffix = suffixOfCode(batch.suffix[i] as number);
    if (payload.length > 0 && suffix !== undefined) {
      const kept = readPayload(suffix, payload);
      const message = this.#processor.process(unit.context, suffix, kept.payload, received, deliveryOf(flags), kept.detail);
      return message.kind === 'rejected' ? undefined : message;
    }
    return !continued || batch.suffix[i] === 0 ? this.#record(batch, i, flags, received) : undefined;
  }

  #record(batch: Batch, i: number, flags: number, received: number): DecodedMessage {
    const message = this.#message;
    const from = i === 0 ? 0 : (batch.valueEnd[i - 1] as number);
    const to = batch.valueEnd[i] as number;
    resetDecodedMessage(message);
    message.kind = 'sig';
    message.quality = flags & 0xffff;
    message.numbered = (flags & ROW_FLAG.hashed) === 0;
    message.boot = batch.boot[i] as number;
    message.seq = message.numbered ? (batch.number[i] as number) : 0;
    message.receivedAt = received;
    message.deviceTime = batch.deviceTime[i] as number;
    message.eventTime = batch.time[i] as number;
    message.rowCount = 1;
    message.rowTime[0] = message.eventTime;
    message.rowStart[0] = 0;
    message.rowStart[1] = to - from;
    message.count = to - from;
    message.parameters = batch.parameters.subarray(from, to);
    message.values = batch.values.subarray(from, to);
    message.texts = batch.textsOf(i);
    return message;
  }
}

function deliveryOf(flags: number): number {
  return DELIVERY.replay | ((flags & QUALITY.queued) !== 0 ? DELIVERY.queued : 0);
}

/**
 * What is in the log has been seen: it is not taken again when the broker sends it again. The key of a message without numbers has the
 * device time of its last row.
 */
function noteSeen(unit: IngestUnit, batch: Batch, i: number, flags: number, received: number): void {
  const number = batch.number[i] as number;
  if ((flags & ROW_FLAG.hashed) === 0) {
    if ((flags & ROW_FLAG.continued) === 0) unit.context.sequence.add(batch.boot[i] as number, number, received);
  } else if (number !== 0) unit.context.recent.add(batch.deviceTime[i] as number, number);
}
