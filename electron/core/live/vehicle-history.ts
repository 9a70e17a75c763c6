import type { FleetDirectory } from './directory-port.ts';
import type { HistoryReader } from './handlers.ts';

type Query = Omit<Parameters<HistoryReader['read']>[0], 'unitId'>;
type Answer = Awaited<ReturnType<HistoryReader['read']>>;

/**
 * Stored values of a vehicle, oldest first, at most the newest `maxPoints` of each parameter: of every unit it has had, for the time that
 * unit was in it. What a unit said in another vehicle is not this vehicle's, and may be another customer's.
 */
export async function readVehicleHistory(history: HistoryReader, directory: Pick<FleetDirectory, 'boundUnits'>, vehicleId: string, query: Query): Promise<Answer> {
  const parts: Answer[] = [];
  for (const bound of directory.boundUnits(vehicleId)) {
    const from = Math.max(query.from, bound.from);
    // Both ends of a query are included; an instant belongs to the unit that is bound from then on.
    const to = Math.min(query.to, bound.to - 1);
    if (from <= to) parts.push(await history.read({ ...query, unitId: bound.unitId, from, to }));
  }
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  let truncated = parts.some((part) => part.truncated);
  const series = query.parameters.map((parameter) => {
    const found = parts.flatMap((part) => part.series.filter((one) => one.parameter === parameter));
    const time = found.flatMap((one) => [...one.time]);
    const value = found.flatMap((one) => [...one.value]);
    if (time.length > query.maxPoints) truncated = true;
    return { parameter, time: Float64Array.from(time.slice(-query.maxPoints)), value: Float64Array.from(value.slice(-query.maxPoints)) };
  });
  return { series, truncated };
}
