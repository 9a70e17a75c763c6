import type { AlertEngineApi } from '#shared/domain/alerts/api.ts';
import type { KnownAlerts } from '#shared/domain/alerts/rederive.ts';
import type { AlertEffect, HistoryRow, HistoryWanted } from '#shared/domain/alerts/types.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { ROW_FLAG } from '../store/telemetry/batch.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';

/** Rows of one read. */
const PAGE = 2000;
/** Before the first alert that is derived again, ms: what its delays rest on. */
const MARGIN = 10 * 60_000;
/** Vehicles that wait to be derived again at most; the vehicle that waits longest makes room, and says so. */
const VEHICLES = 20_000;

/** Rows that one derivation takes at most: two days of a row a second, some 0.2 s of this thread. Older ones are left out, and that is said. */
const ROWS = 200_000;

/** Rules about position, and what mutes others, rest on these as well. */
export const ALWAYS_READ = ['lat', 'lon', 'ignition', 'speed', 'vcuFaultBmsLost'];

export interface HistoryQueueOptions {
  readonly engine: AlertEngineApi;
  /** Numbers of the parameters that rules look at. */
  readonly parameters: () => readonly number[];
  /** Rows that one derivation takes at most. */
  readonly rows?: number;
  readonly directory: Pick<FleetDirectory, 'bindingsOf' | 'bindingsOfUnit'>;
  readonly log: Log;
  readonly now: () => number;
  /** What is stored of a vehicle's alerts that were open at an instant or later, and when the first of them rose. */
  readonly known: (vehicleId: string, from: number) => { readonly known: KnownAlerts; readonly first: number };
  readonly onEffects: (effects: readonly AlertEffect[]) => void;
}

/** Vehicles whose alerts have to be derived again from stored rows, one after the other. */
export class HistoryQueue {
  readonly #options: HistoryQueueOptions;
  readonly #wanted = new Map<string, number>();
  #ingest: Ingest | undefined;
  #busy = false;

  constructor(options: HistoryQueueOptions) {
    this.#options = options;
  }

  attach(ingest: Ingest): void {
    this.#ingest = ingest;
  }

  add({ vehicleId, from }: HistoryWanted): void {
    this.#wanted.set(vehicleId, Math.min(from, this.#wanted.get(vehicleId) ?? from));
    if (this.#wanted.size <= VEHICLES) return;
    const [oldest] = this.#wanted.keys();
    if (oldest === undefined) return;
    this.#wanted.delete(oldest);
    this.#options.log.write('warn', 'too many vehicles wait to have their alerts derived again; one was left out', { vehicleId: oldest });
  }

  /** Takes up the next vehicle unless one is being worked on. */
  run(): void {
    const [next] = this.#wanted;
    if (this.#busy || next === undefined || !this.#ingest) return;
    const [vehicleId, from] = next;
    this.#wanted.delete(vehicleId);
    this.#busy = true;
    this.#derive(this.#ingest, vehicleId, from)
      .catch((error: unknown) => this.#options.log.write('warn', 'alerts of a vehicle could not be derived again', { vehicleId, error }))
      .finally(() => {
        this.#busy = false;
      });
  }

  async #derive(ingest: Ingest, vehicleId: string, from: number): Promise<void> {
    const { engine, now, onEffects, known, parameters, log, rows: most = ROWS } = this.#options;
    // No stored alert may lie across the beginning.
    const wanted = Math.min(from, known(vehicleId, from).first - MARGIN);
    const { rows, left } = await vehicleRows(ingest, this.#options.directory, vehicleId, wanted, now(), { parameters: parameters(), most });
    if (left > 0) log.write('warn', 'the history of a vehicle is too long to derive all its alerts again; the oldest rows were left out', { vehicleId, left });
    // What held across the beginning goes on to hold.
    const begin = left > 0 ? (rows[0]?.time ?? wanted) : wanted;
    const slot = engine.slotOf(vehicleId);
    if (slot !== undefined) onEffects(engine.rederive(slot, begin, rows, now(), known(vehicleId, begin).known));
  }
}

export interface RowsOptions {
  /** Rows without a value of any of these are left out. */
  readonly parameters: readonly number[];
  /** Of more rows than this the newest. */
  readonly most?: number;
  readonly cancelled?: () => boolean;
}

/** Stored rows of a vehicle in [from, to), oldest first: of every unit it has had, for the time that unit was in it; `left`: rows that were too many. */
export async function vehicleRows(ingest: Pick<Ingest, 'store' | 'registry'>, directory: Pick<FleetDirectory, 'bindingsOf' | 'bindingsOfUnit'>, vehicleId: string, from: number, to: number, options: RowsOptions): Promise<{ readonly rows: HistoryRow[]; readonly left: number }> {
  const { parameters, most = Number.POSITIVE_INFINITY, cancelled = () => false } = options;
  const pages: HistoryRow[][] = [];
  let count = 0;
  let left = 0;
  for (const binding of directory.bindingsOf(vehicleId)) {
    const unit = ingest.registry.byUnitId(binding.unitId);
    if (!unit) continue;
    const first = directory.bindingsOfUnit(binding.unitId)[0]?.id === binding.id;
    const begin = first ? from : Math.max(from, binding.validFrom);
    const end = Math.min(to, binding.validTo ?? to);
    let after: { time: number; sequence: number } | undefined;
    while (begin < end && !cancelled()) {
      const page = await ingest.store.rows({ unit: unit.number, from: begin, to: end, limit: PAGE, parameters, ...(after ? { after } : {}) });
      const rows = page.rows.filter((row) => row.parameters.length > 0).map((row) => ({ time: row.time, seq: (row.flags & ROW_FLAG.hashed) === 0 ? row.number : 0, receivedAt: row.received, parameters: row.parameters, values: row.values }));
      pages.push(rows);
      for (count += rows.length; count - (pages[0]?.length ?? 0) >= most; pages.shift()) {
        count -= pages[0]?.length ?? 0;
        left += pages[0]?.length ?? 0;
      }
      if (!page.next) break;
      after = page.next;
    }
  }
  const rows = pages.flat().sort((a, b) => a.time - b.time || a.seq - b.seq);
  const over = Math.max(0, rows.length - most);
  return { rows: rows.slice(over), left: left + over };
}
