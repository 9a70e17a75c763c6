import { skewOf } from '#shared/domain/telemetry/clock/index.ts';
import { BACKFILL_POLICY, BackfillPlanner, countOf, type BackfillPolicy, type MissingRange, type SequenceRange } from '#shared/domain/telemetry/sequence/index.ts';
import { encodeCommand, signedBytes, type Command } from '#shared/domain/telemetry/wire/index.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng } from '#shared/kernel/ports.ts';
import type { StoredGap } from '../../store/gaps/gap-store.ts';
import type { Pipeline } from '../pipeline.ts';
import type { PublishOptions } from '../receiver.ts';
import type { IngestUnit, UnitRegistry } from '../unit-registry.ts';
import { Pacer } from './pacer.ts';
import type { GapMemory } from './gap-memory.ts';

export interface BackfillOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly registry: UnitRegistry;
  readonly pipeline: Pipeline;
  readonly gaps: GapMemory;
  readonly publish: (topic: string, payload: Uint8Array, options: PublishOptions) => Promise<void>;
  /** Since when the connection to the broker stands, epoch ms; undefined: it does not. */
  readonly connectedSince: () => number | undefined;
  /** Whether the store keeps up. */
  readonly relieved: () => boolean;
  readonly sign?: (bytes: Uint8Array) => string | undefined;
  readonly policy?: BackfillPolicy;
}

/** What became of the missing messages of a unit, or of all. Numbers of messages, but for `commands`. */
export interface BackfillCounts {
  readonly open: number;
  readonly commands: number;
  readonly asked: number;
  readonly filled: number;
  readonly lost: number;
}

/** A gap as the intake page shows it: given up, or still open. */
export type UnitGap = MissingRange & Partial<Pick<StoredGap, 'givenUpAt' | 'reason'>>;

interface Watched {
  readonly unit: IngestUnit;
  readonly planner: BackfillPlanner;
  /** Next look, and what was seen at the last. Monotonic ms. */
  due: number;
  heardAt: number;
  bufferedAt: number;
  received: number;
  buffered: number;
}

/** A unit has so long to receive a command, by its own clock, ms. */
const VALIDITY = 5 * 60_000;
/** A unit of which nothing but gaps that were given up is missing is looked at this often, ms. */
const IDLE_LOOK = 10_000;
/** Units taken in at one look: a small read for each. */
const WATCHED_AT_ONCE = 500;
/** Looking at a range of a unit costs about a microsecond: a unit with thousands is looked at less often. Ms per range. */
const LOOK_PER_RANGE = 3;

/**
 * Asks units again for messages that did not arrive (docs/protocols/telemetry.md, Gaps): at most one command per unit and a few a second over
 * all are on their way. What a unit cannot give is kept as a gap.
 */
export class Backfill {
  readonly #options: BackfillOptions;
  readonly #policy: BackfillPolicy;
  /** In the order in which they may ask; whoever has asked goes to the end. */
  readonly #watched = new Map<IngestUnit, Watched>();
  /** Planners of units without open gaps: their counters, and what was given up. */
  readonly #resting = new Map<IngestUnit, Watched>();
  readonly #pacer: Pacer;
  #outstanding = 0;
  #connectedSince: number | undefined;

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.#policy = options.policy ?? BACKFILL_POLICY;
    this.#pacer = new Pacer(options.clock.monotonic());
    options.pipeline.onAck.on(({ unit, ack }) => this.#watched.get(unit)?.planner.answered(ack.id, ack.state, options.clock.monotonic()));
    for (const unit of options.registry.all()) {
      if (unit.context.sequence.missing === 0) continue;
      // What was given up of them is read little by little, once messages come in.
      unit.watched = true;
      options.pipeline.broken.push(unit);
    }
  }

  /** Looks at what is due; once a second. */
  tick(): void {
    const { clock, pipeline } = this.#options;
    const now = clock.monotonic();
    for (const unit of pipeline.broken.splice(0, WATCHED_AT_ONCE)) this.#watch(unit);
    this.#pacer.advance(now);
    const since = this.#options.connectedSince();
    const ready = since !== undefined && this.#options.relieved();
    if (since !== undefined && since !== this.#connectedSince) {
      // What a broker that was killed had not handed over is gone: commands, answers, and messages that were sent again.
      for (const { planner } of this.#watched.values()) planner.interrupted(now);
      this.#connectedSince = since;
    }
    for (const watched of [...this.#watched.values()]) if (watched.due <= now) this.#look(watched, now, ready);
    this.#outstanding = 0;
    for (const { planner } of this.#watched.values()) if (planner.pending) this.#outstanding++;
  }

  /** Over all units. `lost` are those given up since the start. */
  get counts(): BackfillCounts {
    const sum = { open: 0, commands: 0, asked: 0, filled: 0, lost: 0 };
    for (const entries of [this.#watched, this.#resting]) for (const { planner } of entries.values()) addTo(sum, planner);
    return sum;
  }

  /** Commands without a final answer. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Of one unit; undefined where nothing was missing since the start. */
  countsOf(unit: IngestUnit): BackfillCounts | undefined {
    const entry = this.#watched.get(unit) ?? this.#resting.get(unit);
    return entry && addTo({ open: 0, commands: 0, asked: 0, filled: 0, lost: 0 }, entry.planner);
  }

  /** Gaps of a unit, given up or open, ascending by boot and number: the newest `limit`. */
  gapsOf(unit: IngestUnit, limit: number): UnitGap[] {
    const open = this.#watched.get(unit)?.planner.open ?? [];
    const all: UnitGap[] = [...this.#options.gaps.of(unit.deviceId, limit), ...open.map(({ boot, from, to, noticedAt, since }) => ({ boot, from, to, noticedAt, ...(since === undefined ? {} : { since }) }))];
    return all.sort((a, b) => a.boot - b.boot || a.from - b.from).slice(-limit);
  }

  #watch(unit: IngestUnit): void {
    const now = this.#options.clock.monotonic();
    const rested = this.#resting.get(unit);
    this.#resting.delete(unit);
    const { lastReceived: received, context } = unit;
    const watched = rested ?? { unit, planner: new BackfillPlanner(this.#policy, this.#options.gaps.of(unit.deviceId)), due: now, heardAt: Number.isNaN(received) ? Number.NEGATIVE_INFINITY : now, bufferedAt: Number.NEGATIVE_INFINITY, received, buffered: context.counters.buffered };
    watched.due = now;
    this.#watched.set(unit, watched);
  }

  #look(watched: Watched, now: number, ready: boolean): void {
    const { unit, planner } = watched;
    const { sequence, counters } = unit.context;
    if (!Object.is(unit.lastReceived, watched.received)) watched.heardAt = now;
    if (counters.buffered !== watched.buffered) watched.bufferedAt = now;
    watched.received = unit.lastReceived;
    watched.buffered = counters.buffered;
    const gaps = sequence.gaps();
    const mayAsk = ready && unit.topicRoot !== undefined && this.#pacer.has();
    const { ask, lost, late } = planner.look({ now, gaps, follows: (boot, seq) => sequence.follows(boot, seq), heardAt: watched.heardAt, bufferedAt: watched.bufferedAt, mayAsk });
    if (lost.length > 0) this.#options.gaps.add(unit.deviceId, lost, this.#options.clock.now());
    if (late.length > 0) this.#options.gaps.fill(unit.deviceId, late);
    if (ask.length > 0) this.#ask(watched, ask, now);
    watched.due = now + (planner.idle ? IDLE_LOOK : Math.min(IDLE_LOOK, gaps.length * LOOK_PER_RANGE));
    if (gaps.length > 0 || !planner.idle) return;
    this.#watched.delete(unit);
    this.#resting.set(unit, watched);
    unit.watched = false;
  }

  #ask(watched: Watched, ranges: readonly SequenceRange[], now: number): void {
    const { clock, rng, sign, publish, log } = this.#options;
    const { unit, planner } = watched;
    this.#pacer.take();
    this.#watched.delete(unit);
    this.#watched.set(unit, watched);
    const t = Math.round(clock.now());
    // The unit tells by its own clock whether a command has expired: one whose clock is ahead would drop every command.
    const skew = skewOf(unit.context.skew, 0);
    const exp = t + VALIDITY + (skew < 0 ? Math.ceil(-skew) : 0);
    const command: Command = { id: uuidv7(clock, rng), t, exp, cmd: 'backfill', args: { ranges: ranges.map(({ boot, from, to }) => [boot, from, to]) } };
    const topic = `${unit.topicRoot}/cmd/${command.id}`;
    planner.sent(command.id, ranges, now);
    publish(topic, encodeCommand(command, sign?.(signedBytes(topic, command))), { qos: 1, retain: false }).catch((error: unknown) => {
      planner.failed(command.id);
      log.write('info', 'Missing messages could not be asked for; it is tried again.', { unit: unit.deviceId, error: error instanceof Error ? error.message : String(error) });
    });
  }
}

function addTo(sum: { open: number; commands: number; asked: number; filled: number; lost: number }, planner: BackfillPlanner): BackfillCounts {
  const { commands, asked, filled, lost } = planner.counters;
  sum.open += countOf(planner.open);
  sum.commands += commands;
  sum.asked += asked;
  sum.filled += filled;
  sum.lost += lost;
  return sum;
}
