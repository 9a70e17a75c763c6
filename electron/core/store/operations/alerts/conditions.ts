import type { AlertSeverity, AlertTab } from '#shared/domain/alerts/rule.ts';
import { searchText } from '#shared/resources/normalise.ts';
import { contains } from '#shared/store/sql.ts';
import type { AlertView } from './view.ts';

/** Open and unacknowledged this long, an alert is stale, ms. */
export const STALE_AFTER = 24 * 3_600_000;

export type AlertShow = 'open' | 'unacknowledged' | 'shelved' | 'suppressed' | 'stale' | 'cleared' | 'all';

/** Which alerts; members that are absent admit all. */
export interface AlertQuery {
  readonly view: AlertView;
  readonly now: number;
  readonly show: AlertShow;
  readonly tab?: AlertTab | undefined;
  readonly severities?: readonly AlertSeverity[] | undefined;
  readonly modelIds?: readonly string[] | undefined;
  readonly cityIds?: readonly string[] | undefined;
  readonly customerIds?: readonly string[] | undefined;
  readonly ownerId?: string | undefined;
  readonly ruleId?: string | undefined;
  readonly vehicleId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Not cleared before this instant. */
  readonly openAt?: number | undefined;
  /** Stored after this instant. */
  readonly createdAfter?: number | undefined;
  readonly search?: AlertSearch | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** A search term and the rows of other tables whose names have it. */
export interface AlertSearch {
  readonly term: string;
  readonly modelIds: readonly string[];
  readonly customerIds: readonly string[];
  readonly cityIds: readonly string[];
}

/** A piece of SQL with its parameters. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

const SHOWS: Readonly<Record<AlertShow, string>> = {
  open: 'a.cleared_at IS NULL AND a.shelved_until IS NULL AND a.muted_by IS NULL',
  unacknowledged: 'a.cleared_at IS NULL AND a.shelved_until IS NULL AND a.muted_by IS NULL AND a.acknowledged_at IS NULL',
  shelved: 'a.cleared_at IS NULL AND a.shelved_until IS NOT NULL',
  suppressed: 'a.cleared_at IS NULL AND a.shelved_until IS NULL AND a.muted_by IS NOT NULL',
  stale: 'a.cleared_at IS NULL AND a.shelved_until IS NULL AND a.muted_by IS NULL AND a.acknowledged_at IS NULL AND a.returned_at IS NULL',
  cleared: 'a.cleared_at IS NOT NULL',
  all: '1 = 1',
};

/** A list of any length is one parameter: statements stay few and SQLite's limit of parameters far. */
const among = (column: string, values: Iterable<string>): Sql => ({ text: `${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify([...values])] });

/** A column that no index is to be chosen for: open alerts are few, a customer's past ones are not. */
const unindexed = (column: string): string => `${column} || ''`;

function viewConditions(view: AlertView, customerColumn: string): Sql[] {
  if (view === 'all') return [];
  const hidden: Sql[] = [];
  for (const [customerId, tabs] of view.hiddenTabs) {
    if (!view.customers.has(customerId) || tabs.size === 0) continue;
    const inTabs = among('a.tab', tabs);
    hidden.push({ text: `NOT (a.customer_id = ? AND ${inTabs.text})`, parameters: [customerId, ...inTabs.parameters] });
  }
  for (const [ruleId, customers] of view.hiddenRules) {
    const own = [...customers].filter((id) => view.customers.has(id));
    if (own.length === 0) continue;
    const inCustomers = among('a.customer_id', own);
    hidden.push({ text: `NOT (a.rule_id = ? AND ${inCustomers.text})`, parameters: [ruleId, ...inCustomers.parameters] });
  }
  return [among(customerColumn, view.customers), ...hidden];
}

/** `%term%` with the term's own wildcards taken literally. */

function searchCondition(search: AlertSearch): Sql | undefined {
  const term = searchText(search.term);
  if (term === '') return undefined;
  const tests: Sql[] = [
    { text: "a.vin_norm LIKE ? ESCAPE '\\'", parameters: [contains(term)] },
    { text: "a.name_norm LIKE ? ESCAPE '\\'", parameters: [contains(term)] },
  ];
  if (search.modelIds.length > 0) tests.push(among('a.model_id', search.modelIds));
  if (search.customerIds.length > 0) tests.push(among('a.customer_id', search.customerIds));
  if (search.cityIds.length > 0) tests.push(among('a.city_id', search.cityIds));
  return { text: `(${tests.map((test) => test.text).join(' OR ')})`, parameters: tests.flatMap((test) => test.parameters) };
}

/** The condition of a query over table `alert AS a`. */
export function whereOf(query: AlertQuery): Sql {
  const few = query.show !== 'all' && query.show !== 'cleared';
  const at = (column: string): string => (few ? unindexed(column) : column);
  const conditions: Sql[] = [{ text: SHOWS[query.show], parameters: [] }, ...viewConditions(query.view, at('a.customer_id'))];
  const equal = (column: string, value: string | undefined): void => {
    if (value !== undefined) conditions.push({ text: `${column} = ?`, parameters: [value] });
  };
  const list = (column: string, values: readonly string[] | undefined): void => {
    if (values !== undefined) conditions.push(among(column, values));
  };
  const bound = (text: string, value: number | undefined): void => {
    if (value !== undefined) conditions.push({ text, parameters: [value] });
  };
  equal('a.tab', query.tab);
  equal('a.owner_id', query.ownerId);
  equal(at('a.rule_id'), query.ruleId);
  equal('a.vehicle_id', query.vehicleId);
  list('a.severity', query.severities);
  list('a.model_id', query.modelIds);
  list('a.city_id', query.cityIds);
  list(at('a.customer_id'), query.customerIds);
  list('a.id', query.ids);
  bound('a.raised_at >= ?', query.from);
  bound('a.raised_at < ?', query.to);
  bound('(a.cleared_at IS NULL OR a.cleared_at >= ?)', query.openAt);
  bound('a.created_at > ?', query.createdAfter);
  if (query.show === 'stale') bound('a.raised_at <= ?', query.now - STALE_AFTER);
  const search = query.search && searchCondition(query.search);
  if (search) conditions.push(search);
  return { text: conditions.map((condition) => condition.text).join(' AND '), parameters: conditions.flatMap((condition) => condition.parameters) };
}

const SEVERITY_RANK = "CASE a.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 ELSE 2 END";
const STATE_RANK = 'CASE WHEN a.cleared_at IS NOT NULL THEN 4 ELSE (a.returned_at IS NOT NULL) * 2 + (a.acknowledged_at IS NOT NULL) END';

/** What a list can be sorted by, and the table it needs for that. */
export const ALERT_ORDERS: Readonly<Record<string, { readonly by: string; readonly join?: string; readonly mayBeEmpty?: true }>> = {
  raisedAt: { by: 'a.raised_at' },
  receivedAt: { by: 'a.received_at' },
  lastOccurrenceAt: { by: 'a.last_occurrence_at' },
  occurrences: { by: 'a.occurrences' },
  returnedAt: { by: 'a.returned_at', mayBeEmpty: true },
  acknowledgedAt: { by: 'a.acknowledged_at', mayBeEmpty: true },
  clearedAt: { by: 'a.cleared_at', mayBeEmpty: true },
  shelvedUntil: { by: 'a.shelved_until', mayBeEmpty: true },
  name: { by: 'a.name_norm' },
  vin: { by: 'a.vin_norm' },
  tab: { by: 'a.tab' },
  severity: { by: SEVERITY_RANK },
  state: { by: STATE_RANK },
  mutedBy: { by: 'a.muted_by', mayBeEmpty: true },
  place: { by: 'a.place', mayBeEmpty: true },
  model: { by: 'm.name_norm', join: 'LEFT JOIN vehicle_model AS m ON m.id = a.model_id', mayBeEmpty: true },
  customer: { by: 'c.name_norm', join: 'LEFT JOIN customer AS c ON c.id = a.customer_id', mayBeEmpty: true },
  city: { by: 'l.city_norm', join: 'LEFT JOIN location AS l ON l.id = a.city_id', mayBeEmpty: true },
  owner: { by: 'u.name_norm', join: 'LEFT JOIN app_user AS u ON u.id = a.owner_id', mayBeEmpty: true },
};
