import type { RolledUp, TelemetryHistory } from '../history/ports.ts';
import type { HistoryReader } from '../live/handlers.ts';
import type { WorkerHistoryStore } from '../store/telemetry/worker-store.ts';
import type { UnitRegistry } from './unit-registry.ts';

/** Stored values by unit id, as pages ask for them. */
export class HistoryQueries implements TelemetryHistory {
  readonly #store: WorkerHistoryStore;
  readonly #registry: UnitRegistry;

  constructor(store: WorkerHistoryStore, registry: UnitRegistry) {
    this.#store = store;
    this.#registry = registry;
  }

  /** A unit that was never heard has empty series. Throws AppError unavailable while too much is asked at once. */
  async read(query: Parameters<HistoryReader['read']>[0]): ReturnType<HistoryReader['read']> {
    const unit = this.#registry.byUnitId(query.unitId);
    const { parameters, from, to, maxPoints } = query;
    if (!unit) return { series: parameters.map((parameter) => ({ parameter, time: new Float64Array(0), value: new Float64Array(0) })), truncated: false };
    const { series, truncated } = await this.#store.readRange({ units: [unit.number], parameters, from, to, maxPoints });
    return { series: series.map(({ parameter, time, value }) => ({ parameter, time, value })), truncated };
  }

  /** As `read`, rolled up in the store. */
  async rollup(query: Parameters<TelemetryHistory['rollup']>[0]): Promise<readonly RolledUp[]> {
    const unit = this.#registry.byUnitId(query.unitId);
    const { parameters, from, to, bucket } = query;
    if (!unit) return parameters.map((parameter) => ({ parameter, start: new Float64Array(0), count: new Uint32Array(0), min: new Float64Array(0), max: new Float64Array(0), mean: new Float64Array(0), last: new Float64Array(0) }));
    return this.#store.rollup({ units: [unit.number], parameters, from, to, bucket });
  }
}
