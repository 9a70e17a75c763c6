import type { AppContract, ItemOf } from '#shared/contract/index.ts';
import { deriveIntervals } from '#shared/domain/alerts/derive.ts';
import { parametersOf } from '#shared/domain/alerts/condition-words.ts';
import type { AlertInterval, HistoryRow } from '#shared/domain/alerts/types.ts';
import type { AlertRule } from '#shared/domain/alerts/rule.ts';
import { compileRule } from '#shared/domain/alerts/plan.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { dayNames } from '#shared/kernel/day-names.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { takeTurns } from '#shared/platform-node/turns.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import type { LiveFleet } from '../live/live-fleet.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import { ALWAYS_READ, vehicleRows } from './history-queue.ts';
import { present } from './rows.ts';

const DAY = 86_400_000;
const EXAMPLES = 20;
const VEHICLES = 100;
/** Trials at a time; each reads the history of a fleet. */
const RUNNING = 2;
export interface TryServices {
  readonly ingest: Pick<Ingest, 'store' | 'registry'>;
  readonly directory: FleetDirectory;
  readonly fleet: LiveFleet;
  readonly catalogue: ParameterCatalogue;
  readonly clock: Clock;
  readonly timeZone: string;
}

/**
 * Runs a rule over stored history: one vehicle after the other, read in the readers' thread and derived in one turn each, so that
 * the core goes on between them. Stops when nobody listens any more.
 */
export function alertTryHandlers({ ingest, directory, fleet, catalogue, clock, timeZone }: TryServices): Pick<Handlers<AppContract, Principal>, 'alertRules.try'> {
  let running = 0;

  return {
    'alertRules.try': (input, context, sink) => {
      const principal = principalOf(context);
      const rule: AlertRule = { ...input.values, enabled: true, id: 'trial', version: 1 };
      // Throws for parameters that the catalogue has not.
      compileRule(rule, catalogue);
      if (running >= RUNNING) throw new AppError('unavailable', 'Two trials are running already. Try again when one has ended.');
      const models = new Set(rule.modelIds);
      const vehicles = fleet.slots(principal).map((slot) => fleet.entry(slot)!).filter((entry) => entry.unitId !== undefined && (models.size === 0 || models.has(entry.modelId ?? '')));
      const parameters = [...new Set([...parametersOf(rule.condition), ...ALWAYS_READ, ...(rule.graphParameter === undefined ? [] : [rule.graphParameter])].map((key) => catalogue.numberOf(key)))].filter((number) => number > 0);
      const until = clock.now();
      const from = until - input.days * DAY;
      const trial = new Trial(vehicles.length, input.days, until, dayNames(timeZone));
      let cancelled = false;
      running++;
      const run = async (): Promise<void> => {
        sink.push(trial.item('running'));
        const turn = takeTurns(clock);
        for (const { vehicleId, vin } of vehicles) {
          if (cancelled) return;
          const { rows } = await vehicleRows(ingest, directory, vehicleId, from, until, { parameters, cancelled: () => cancelled });
          trial.add(vehicleId, vin, deriveIntervals(rule, catalogue, rows, until), rows, rule.graphParameter === undefined ? 0 : catalogue.numberOf(rule.graphParameter));
          sink.push(trial.item('running'));
          await turn();
        }
        sink.push(trial.item('done'));
        sink.end();
      };
      run()
        .catch((error: unknown) => sink.fail(error))
        .finally(() => running--);
      return disposable(() => (cancelled = true));
    },
  };
}

/** What a trial has found so far. */
class Trial {
  readonly #vehicles: number;
  readonly #until: number;
  readonly #dayOf: (at: number) => string;
  readonly #perDay = new Map<string, number>();
  readonly #byVehicle: ItemOf<'alertRules.try'>['byVehicle'] = [];
  readonly #examples: ItemOf<'alertRules.try'>['examples'] = [];
  #done = 0;
  #alerts = 0;

  constructor(vehicles: number, days: number, until: number, dayOf: (at: number) => string) {
    this.#vehicles = vehicles;
    this.#until = until;
    this.#dayOf = dayOf;
    for (let day = days - 1; day >= 0; day--) this.#perDay.set(dayOf(until - day * DAY), 0);
  }

  add(vehicleId: string, vin: string, intervals: readonly AlertInterval[], rows: readonly HistoryRow[], graphParameter: number): void {
    this.#done++;
    if (intervals.length === 0) return;
    this.#alerts += intervals.length;
    let active = 0;
    for (const { start, end } of intervals) {
      const day = this.#dayOf(start);
      this.#perDay.set(day, (this.#perDay.get(day) ?? 0) + 1);
      active += (Number.isNaN(end) ? this.#until : end) - start;
    }
    this.#byVehicle.push({ vehicleId, vin, count: intervals.length, active });
    this.#byVehicle.sort((a, b) => b.count - a.count || b.active - a.active);
    this.#byVehicle.length = Math.min(this.#byVehicle.length, VEHICLES);
    for (const { start, end } of intervals.slice(-3)) {
      if (this.#examples.length >= EXAMPLES) return;
      this.#examples.push(present({ vehicleId, vin, raisedAt: start, returnedAt: Number.isNaN(end) ? undefined : end, value: valueAt(rows, graphParameter, start) }));
    }
  }

  item(state: 'running' | 'done'): ItemOf<'alertRules.try'> {
    return {
      vehiclesDone: this.#done,
      vehicles: this.#vehicles,
      state,
      alerts: this.#alerts,
      perDay: [...this.#perDay].map(([date, count]) => ({ date, count })),
      byVehicle: this.#byVehicle.map((entry) => ({ ...entry })),
      examples: this.#examples.map((entry) => ({ ...entry })),
    };
  }
}

/** The last value of a parameter at an instant. */
function valueAt(rows: readonly HistoryRow[], parameter: number, at: number): number | undefined {
  let found: number | undefined;
  for (const row of rows) {
    if (row.time > at) break;
    const index = Array.prototype.indexOf.call(row.parameters, parameter);
    if (index >= 0) found = row.values[index];
  }
  return found;
}
