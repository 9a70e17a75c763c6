import type { AlertRecord as EngineAlert } from '#shared/domain/alerts/types.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import type { PlaceNames } from '../live/places.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import type { AlertLabel } from '../store/operations/local/alerts.ts';
import { present } from './rows.ts';
import type { RuleBook } from './rule-book.ts';

/** Last values are those of an alert when they are no further from it than this, ms. */
const NEAR = 5 * 60_000;
/** Vehicle id of the alert that a city has fallen silent: this and the city's id. */
const CITY = 'city:';

export interface LabelSources {
  readonly book: RuleBook;
  readonly directory: Pick<FleetDirectory, 'vehicle' | 'locations'>;
  readonly state: FleetState;
  readonly catalogue: ParameterCatalogue;
  readonly places: Pick<PlaceNames, 'at'>;
}

/** What the engine does not know of an alert; undefined where its rule or vehicle is gone. */
export function labelOf(sources: LabelSources, alert: EngineAlert): AlertLabel | undefined {
  const { book, directory, state, catalogue, places } = sources;
  const rule = book.version(alert.ruleId, alert.ruleVersion);
  if (rule === undefined) return undefined;
  const { name, tab, severity } = rule;
  if (alert.vehicleId.startsWith(CITY)) {
    const city = directory.locations().find((row) => row.id === alert.vehicleId.slice(CITY.length));
    return present({ name, tab, severity, vin: city?.city ?? 'City', cityId: city?.id, place: city?.city, latitude: city?.latitude, longitude: city?.longitude, insights: [] });
  }
  const vehicle = directory.vehicle(alert.vehicleId);
  if (vehicle === undefined) return undefined;
  const slot = state.slotOf(vehicle.unitId ?? '');
  const graphParameter = rule.graphParameter === undefined ? undefined : catalogue.numberOf(rule.graphParameter) || undefined;
  const wanted = new Set(rule.insightParameters.map((key) => catalogue.numberOf(key)));
  const insights: { parameter: number; value: number; time: number }[] = [];
  let value: number | undefined;
  if (slot !== undefined) {
    state.forEachValue(slot, (parameter, last, time) => {
      if (Math.abs(time - alert.raisedAt) > NEAR) return;
      if (wanted.has(parameter)) insights.push({ parameter, value: last, time });
      if (parameter === graphParameter) value = last;
    });
  }
  const lat = slot === undefined ? Number.NaN : (state.columns.lat[slot] as number);
  const lon = slot === undefined ? Number.NaN : (state.columns.lon[slot] as number);
  const placed = !Number.isNaN(lat) && !Number.isNaN(lon);
  return present({
    name, tab, severity,
    vin: vehicle.vin,
    modelId: vehicle.modelId,
    customerId: vehicle.customerId,
    cityId: vehicle.cityId,
    place: slot === undefined ? undefined : places.at(slot, lat, lon),
    latitude: placed ? lat : undefined,
    longitude: placed ? lon : undefined,
    value,
    graphParameter,
    insights,
  });
}
