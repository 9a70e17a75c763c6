import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Log } from '#shared/kernel/ports.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import type { TelemetryWriter } from '../store/telemetry/writer-client.ts';
import { SNAPSHOT_NAME, takeIngestSnapshot } from './ingest-snapshot.ts';
import type { Pipeline } from './pipeline.ts';
import type { UnitRegistry } from './unit-registry.ts';

export interface Retention {
  /** Decoded values are kept for so long after reception, hours. */
  readonly hours: number;
  /** Raw payloads, hours. */
  readonly rawHours: number;
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
const HOUR = 3_600_000;

/** What has to be done from time to time: snapshots, and dropping hours that are old. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #consumers = new Set<() => number>();
  #snapshotSequence: number;
  #snapshotAt: number;
  #droppedAt = Number.NEGATIVE_INFINITY;
  #busy = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#snapshotSequence = options.recovered.last - options.recovered.messages;
    this.#snapshotAt = options.clock.monotonic();
  }

  addConsumer(appliedThrough: () => number): Disposable {
    this.#consumers.add(appliedThrough);
    return disposable(() => this.#consumers.delete(appliedThrough));
  }

  /** Does what is due. */
  tick(): void {
    if (this.#busy) return;
    const { clock, writer, log } = this.#options;
    const now = clock.monotonic();
    const rows = writer.last - this.#snapshotSequence;
    const snapshotDue = rows >= SNAPSHOT_ROWS || (rows > 0 && now - this.#snapshotAt >= SNAPSHOT_PERIOD);
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

  async #drop(): Promise<void> {
    const { clock, writer, retention, log } = this.#options;
    this.#droppedAt = clock.monotonic();
    const now = clock.now();
    const appliedThrough = Math.min(this.#snapshotSequence, ...Array.from(this.#consumers, (applied) => applied()));
    const dropped = await writer.drop({ before: now - retention.hours * HOUR, appliedThrough }, now - retention.rawHours * HOUR);
    if (dropped.messages > 0) log.write('info', 'Old telemetry was dropped.', { messages: dropped.messages });
  }
}
