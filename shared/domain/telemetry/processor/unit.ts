import type { DeviceProfile } from '../adapters/read-can.ts';
import { createSkewColumns, type SkewColumns } from '../clock/index.ts';
import { LIMITS, type MetaContent, type RejectReason } from '../envelope/index.ts';
import { RecentMessages, SequenceTracker, type SequenceSnapshot } from '../sequence/index.ts';
import type { BusBinding } from './binding.ts';

/** Distinct ids remembered per unit that no decoder knows, and whose length did not match. */
export const ODD_ID_LIMIT = 64;

/** The last payload that could not be read. */
export interface RejectedSample {
  readonly reason: RejectReason;
  readonly receivedAt: number;
  readonly suffix: string;
  /** The first bytes of the payload. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** Counters of one unit since the console started. */
export interface UnitCounters {
  messages: number;
  rejected: number;
  duplicates: number;
  buffered: number;
  quarantined: number;
  clockWrong: number;
  frames: number;
  unknownFrames: number;
  lengthMismatches: number;
  fixesRejected: number;
  zeroRows: number;
  invalidValues: number;
  unknownNames: number;
}

export interface UnitOptions {
  readonly deviceId: string;
  readonly profile?: DeviceProfile;
  /** Vehicle model the unit is bound to; bindings are resolved by it where `meta` names no known DBC. */
  readonly model?: string;
  readonly sequence?: SequenceSnapshot;
}

/** What the processor remembers of one telematics unit between messages. */
export class UnitContext {
  readonly deviceId: string;
  profile: DeviceProfile;
  /** Of one unit: index 0. */
  readonly skew: SkewColumns = createSkewColumns(1);
  readonly sequence: SequenceTracker;
  readonly counters: UnitCounters = { messages: 0, rejected: 0, duplicates: 0, buffered: 0, quarantined: 0, clockWrong: 0, frames: 0, unknownFrames: 0, lengthMismatches: 0, fixesRejected: 0, zeroRows: 0, invalidValues: 0, unknownNames: 0 };
  /** Frames by bus · 2^30 + extended · 2^29 + id, at most ODD_ID_LIMIT ids. */
  readonly unknownIds = new Map<number, number>();
  readonly mismatchedIds = new Map<number, number>();
  rejectedSample: RejectedSample | undefined;
  meta: MetaContent | undefined;
  #model: string | undefined;
  #recent: RecentMessages | undefined;
  /** By bus; `false`: asked, and there is none. */
  #bindings: (BusBinding | false | undefined)[] = [];

  constructor(options: UnitOptions) {
    this.deviceId = options.deviceId;
    this.profile = options.profile ?? 'native';
    this.#model = options.model;
    this.sequence = options.sequence === undefined ? new SequenceTracker() : SequenceTracker.restore(options.sequence);
  }

  get model(): string | undefined {
    return this.#model;
  }

  /** Software of the unit as it last said; undefined: not said. */
  get software(): string | undefined {
    return this.meta?.firmware;
  }

  /** Another model: buses are bound anew. */
  set model(model: string | undefined) {
    if (model === this.#model) return;
    this.#model = model;
    this.forgetBindings();
  }

  /** Buses are bound anew at the next frame: after a change of model, meta or DBC files. */
  forgetBindings(): void {
    this.#bindings = [];
  }

  binding(bus: number): BusBinding | false | undefined {
    return this.#bindings[bus];
  }

  bind(bus: number, binding: BusBinding | undefined): void {
    this.#bindings[bus] = binding ?? false;
  }

  /** For units that number nothing; made at their first message. */
  get recent(): RecentMessages {
    return (this.#recent ??= new RecentMessages());
  }

  /** Counts a frame id that is odd in some way, up to ODD_ID_LIMIT distinct ones. */
  countOdd(ids: Map<number, number>, key: number): void {
    const before = ids.get(key);
    if (before !== undefined) ids.set(key, before + 1);
    else if (ids.size < ODD_ID_LIMIT) ids.set(key, 1);
  }

  /** Counts a message that was not taken, and keeps the beginning of its payload; `length`: of all of it, bytes. */
  reject(reason: RejectReason, suffix: string, payload: Uint8Array, receivedAt: number, length = payload.length): void {
    this.counters.messages++;
    this.counters.rejected++;
    this.rejectedSample = { reason, receivedAt, suffix, bytes: payload.slice(0, LIMITS.sampleBytes), length };
  }
}

/** Packs bus, frame format and id of a CAN frame into one number, as `unknownIds` uses it. */
export function frameKey(bus: number, extended: boolean, id: number): number {
  return bus * 1_073_741_824 + (extended ? 536_870_912 : 0) + id;
}
