import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ItemOf } from '#shared/contract/index.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { CatalogueParameter } from './use-catalogue.ts';

/** Length of a trend, ms. */
export const TREND_SPAN = 900_000;
const BOUND = 600;
const PARAMETERS_PER_QUESTION = 200;

/** The last minutes of one parameter, oldest first. */
export interface Trend {
  readonly time: number[];
  readonly value: number[];
}

/** Trends of a vehicle's numeric parameters: what is stored of the last 15 minutes, continued by what arrives. */
export function useTrends(
  rpc: Rpc,
  vehicleId: Readonly<Ref<string | undefined>>,
  latest: Readonly<ShallowRef<ItemOf<'vehicle.parameters'> | undefined>>,
  catalogue: Readonly<ShallowRef<ReadonlyMap<number, CatalogueParameter>>>,
): { readonly trends: ReadonlyMap<number, Trend>; readonly version: Readonly<Ref<number>> } {
  const trends = new Map<number, Trend>();
  const version = shallowRef(0);
  let asked: string | undefined;
  let live = true;
  onScopeDispose(() => (live = false));

  function add(parameter: number, time: number, value: number): void {
    let trend = trends.get(parameter);
    if (!trend) trends.set(parameter, (trend = { time: [], value: [] }));
    if (time <= (trend.time.at(-1) ?? 0)) return;
    trend.time.push(time);
    trend.value.push(value);
    while (trend.time.length > BOUND || time - trend.time[0]! > TREND_SPAN) {
      trend.time.shift();
      trend.value.shift();
    }
  }

  async function past(id: string, numbers: number[], to: number): Promise<void> {
    for (let i = 0; i < numbers.length; i += PARAMETERS_PER_QUESTION) {
      const answer = await rpc.call('vehicle.history', { vehicleId: id, parameters: numbers.slice(i, i + PARAMETERS_PER_QUESTION), from: to - TREND_SPAN, to, maxPoints: 300 }).catch(() => undefined);
      if (!live || asked !== id) return;
      for (const { parameter, time, value } of answer?.series ?? []) {
        const later = trends.get(parameter);
        trends.delete(parameter);
        for (let k = 0; k < time.length; k++) add(parameter, time[k]!, value[k]!);
        later?.time.forEach((at, k) => add(parameter, at, later.value[k]!));
      }
      version.value++;
    }
  }

  watch(vehicleId, () => {
    trends.clear();
    asked = undefined;
  });
  watch([latest, catalogue], ([item, entries]) => {
    const id = vehicleId.value;
    if (!item || entries.size === 0 || id === undefined) return;
    const numbers = [...item.parameter].filter((number) => entries.get(number)?.kind === 'number');
    for (const [i, parameter] of item.parameter.entries()) if (entries.get(parameter)?.kind === 'number') add(parameter, item.time[i]!, item.value[i]!);
    version.value++;
    if (asked !== id && numbers.length > 0) {
      asked = id;
      void past(id, numbers, item.asOf);
    }
  });
  return { trends, version };
}
