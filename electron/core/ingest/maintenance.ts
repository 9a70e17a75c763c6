import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Log } from '#shared/kernel/ports.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import type { TelemetryWriter } from '../store/telemetry/writer-client.ts';
import { SNAPSHOT_NAME, takeIngestSnapshot } from './ingest-snapshot.ts';
import type { Pipeline } from './pipeline.ts';
import { LOOK_BACK } from './recovery.ts';
import type { UnitRegistry } from './unit-registry.ts';

export interface Retention {
  /** Stored values are kept for so long, hours. */
  readonly hours: number;
  /** Raw payloads, hours after reception. */
  readonly rawHours: number;
  /** Hourly figures (count, least, greatest, mean, last), hours; default: 5 years. */
  readonly rollupHours?: number;
}

export interface MaintenanceOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: FleetState;
  readonly retention: Retention;
  readonly writer: TelemetryWriter;
  readonly registry: UnitRegistry;
  readonly pipeline: Pipeline;
  readonly recovered: { readonly messages: number; readonly last: number };
}

/** A snapshot is taken after so many rows, or after this time if there were any, ms: what a restart has to read at most. */
const SNAPSHOT_ROWS = 200_000;
const SNAPSHOT_PERIOD = 10 * 60_000;
const DROP_PERIOD = 10 * 60_000;
const SEAL_PERIOD = 60_000;
/** An hour is sealed when it has been over for so long, ms: messages on their way are in it by then. */
const SEAL_MARGIN = 5 * 60_000;
const ROLLUP_HOURS = 5 * 366 * 24;
const HOUR = 3_600_000;

/** What has to be done from time to time: snapshots, and dropping hours that are old. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #consumers = new Set<() => number>();
  #snapshotSequence: number;
  #snapshotAt: number;
  #droppedAt = Number.NEGATIVE_INFINITY;
  #busy = false;
  #sealedAt: number;
  #sealing = false;
  /** Whether the live fleet holds everything; until then no picture of it is kept. */
  complete = true;
  /** What was dropped last; messages since the start. */
  dropped: { readonly at: number; readonly messages: number } | undefined;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#snapshotSequence = options.recovered.last - options.recovered.messages;
    this.#snapshotAt = options.clock.monotonic();
    // Not at once: the first screen comes before old hours.
    this.#sealedAt = this.#snapshotAt;
  }

  addConsumer(appliedThrough: () => number): Disposable {
    this.#consumers.add(appliedThrough);
    return disposable(() => this.#consumers.delete(appliedThrough));
  }

  /** Does what is due. */
  tick(): void {
    const { clock, writer, log } = this.#options;
    const now = clock.monotonic();
    if (!this.#sealing && now - this.#sealedAt >= SEAL_PERIOD) this.#seal(now);
    if (this.#busy) return;
    const rows = writer.last - this.#snapshotSequence;
    const snapshotDue = this.complete && (rows >= SNAPSHOT_ROWS || (rows > 0 && now - this.#snapshotAt >= SNAPSHOT_PERIOD));
    const work = snapshotDue ? this.snapshot() : now - this.#droppedAt >= DROP_PERIOD ? this.#drop() : undefined;
    if (!work) return;
    this.#busy = true;
    work
      .catch((error: unknown) => log.write('warn', 'Maintenance of the telemetry store failed.', { error: String(error) }))
      .finally(() => {
        this.#busy = false;
      });
  }

  /**
   * Keeps the live fleet as of everything received so far. Everything is handed to the writer first, which works in order, so the
   * snapshot never knows of a message that the log does not hold. Puts it off while the writer is behind.
   */
  async snapshot(): Promise<void> {
    const { writer, registry, state, pipeline, clock } = this.#options;
    if (!pipeline.queue.handOver()) return;
    const data = takeIngestSnapshot(registry, state);
    this.#snapshotAt = clock.monotonic();
    this.#snapshotSequence = await writer.saveSnapshot(SNAPSHOT_NAME, data);
  }

  /** Seals hours that are over, in the background: a backlog may take long, and snapshots go on meanwhile. */
  #seal(now: number): void {
    const { clock, writer, log } = this.#options;
    this.#sealedAt = now;
    this.#sealing = true;
    writer
      .seal(clock.now() - SEAL_MARGIN)
      .then((sealed) => {
        if (sealed.messages > 0) log.write('info', 'Telemetry was sealed.', { ...sealed });
        if (sealed.damaged > 0) log.write('warn', 'Stored telemetry is damaged; it was left out and set aside.', { damaged: sealed.damaged });
      })
      .catch((error: unknown) => log.write('warn', 'Telemetry could not be sealed.', { error: String(error) }))
      .finally(() => {
        this.#sealing = false;
      });
  }

  async #drop(): Promise<void> {
    const { clock, writer, retention, log } = this.#options;
    this.#droppedAt = clock.monotonic();
    const now = clock.now();
    // A start looks at rows before the snapshot, too.
    const appliedThrough = Math.min(this.#snapshotSequence - LOOK_BACK, ...Array.from(this.#consumers, (applied) => applied()));
    const dropped = await writer.drop({ before: now - retention.hours * HOUR, appliedThrough }, now - retention.rawHours * HOUR, now - (retention.rollupHours ?? ROLLUP_HOURS) * HOUR);
    this.dropped = { at: now, messages: (this.dropped?.messages ?? 0) + dropped.messages };
    if (dropped.messages > 0) log.write('info', 'Old telemetry was dropped.', { messages: dropped.messages });
  }
}
