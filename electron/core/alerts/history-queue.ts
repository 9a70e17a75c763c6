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

export interface HistoryQueueOptions {
  readonly engine: AlertEngineApi;
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
    const { engine, now, onEffects, known } = this.#options;
    // No stored alert may lie across the beginning.
    const begin = Math.min(from, known(vehicleId, from).first - MARGIN);
    const rows = await vehicleRows(ingest, this.#options.directory, vehicleId, begin, now());
    const slot = engine.slotOf(vehicleId);
    if (slot !== undefined) onEffects(engine.rederive(slot, begin, rows, now(), known(vehicleId, begin).known));
  }
}

/** Stored rows of a vehicle in [from, to), oldest first: of every unit it has had, for the time that unit was in it. */
export async function vehicleRows(ingest: Pick<Ingest, 'store' | 'registry'>, directory: Pick<FleetDirectory, 'bindingsOf' | 'bindingsOfUnit'>, vehicleId: string, from: number, to: number, parameters?: readonly number[], cancelled: () => boolean = () => false): Promise<HistoryRow[]> {
  const found: HistoryRow[] = [];
  for (const binding of directory.bindingsOf(vehicleId)) {
    const unit = ingest.registry.byUnitId(binding.unitId);
    if (!unit) continue;
    const first = directory.bindingsOfUnit(binding.unitId)[0]?.id === binding.id;
    const begin = first ? from : Math.max(from, binding.validFrom);
    const end = Math.min(to, binding.validTo ?? to);
    let after: { time: number; sequence: number } | undefined;
    while (begin < end && !cancelled()) {
      const page = await ingest.store.rows({ unit: unit.number, from: begin, to: end, limit: PAGE, ...(parameters ? { parameters } : {}), ...(after ? { after } : {}) });
      for (const row of page.rows) found.push({ time: row.time, seq: (row.flags & ROW_FLAG.hashed) === 0 ? row.number : 0, receivedAt: row.received, parameters: row.parameters, values: row.values });
      if (!page.next) break;
      after = page.next;
    }
  }
  return found.sort((a, b) => a.time - b.time || a.seq - b.seq);
}
