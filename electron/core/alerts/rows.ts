import type { AlertFilter, AlertRow } from '#shared/contract/alerts.ts';
import type { AlertState } from '#shared/domain/alerts/rule.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import { searchText } from '#shared/resources/normalise.ts';
import { STALE_AFTER, type AlertQuery, type AlertSearch, type AlertShow } from '../store/operations/alerts/conditions.ts';
import type { AlertView } from '../store/operations/alerts/view.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';

/** Names that rows of alerts show beside their own fields. */
export interface AlertNames {
  readonly directory: Pick<FleetDirectory, 'vehicle' | 'models' | 'customers' | 'locations'>;
  /** A user's name, or undefined where there is none any more. */
  userName(userId: string): string | undefined;
}

/** The state by ISA-18.2 (docs/domain.md, Alerts). */
export function stateOf(row: Pick<AlertRecord, 'clearedAt' | 'returnedAt' | 'acknowledgedAt'>): AlertState {
  if (row.clearedAt !== undefined) return 'cleared';
  if (row.returnedAt !== undefined) return row.acknowledgedAt === undefined ? 'returned' : 'returned-acknowledged';
  return row.acknowledgedAt === undefined ? 'active' : 'active-acknowledged';
}

/** Open, calling for attention, active and unacknowledged for over a day. */
export function isStale(row: AlertRecord, now: number): boolean {
  return stateOf(row) === 'active' && row.shelvedUntil === undefined && row.mutedBy === undefined && row.raisedAt <= now - STALE_AFTER;
}

/** An alert as the grid shows it. */
export function alertRowOf(row: AlertRecord, names: AlertNames, now: number): AlertRow {
  const vehicle = names.directory.vehicle(row.vehicleId);
  const { id, latitude, longitude, revision: _revision, createdAt: _created, updatedAt: _updated, modelId: _model, customerId: _customer, cityId: _city, insights: _insights, ...rest } = row;
  return present({
    ...rest,
    alertId: id,
    state: stateOf(row),
    model: vehicle?.model ?? '',
    customer: vehicle?.customer,
    city: vehicle?.city,
    lat: latitude,
    lon: longitude,
    owner: row.ownerId === undefined ? undefined : names.userName(row.ownerId),
    stale: isStale(row, now),
  });
}

/** The same object without the members that are undefined. */
export function present<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** A filter of the page as a query for those alerts that the view may see. */
export function queryOf(filter: AlertFilter, view: AlertView, names: AlertNames, now: number, show: AlertShow = 'open'): AlertQuery {
  const { tab, severities, modelIds, cityIds, customerIds, ownerId, ruleId, vehicleId, from, to, search, sinceBell } = filter;
  return { view, now, show: filter.show ?? (sinceBell === undefined ? show : 'all'), tab, severities, modelIds, cityIds, customerIds, ownerId, ruleId, vehicleId, from, to, createdAfter: sinceBell, search: search === undefined ? undefined : searchOf(search, names) };
}

function searchOf(text: string, { directory }: AlertNames): AlertSearch {
  const term = searchText(text);
  const has = (...values: readonly (string | undefined)[]): boolean => values.some((value) => value !== undefined && searchText(value).includes(term));
  return {
    term,
    modelIds: directory.models().filter((row) => has(row.name)).map((row) => row.id),
    customerIds: directory.customers().filter((row) => has(row.name)).map((row) => row.id),
    cityIds: directory.locations().filter((row) => has(row.city, row.state)).map((row) => row.id),
  };
}
