import type { AppContract } from '#shared/contract/index.ts';
import { ALERT_SEVERITIES } from '#shared/domain/alerts/rule.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import { sees } from '../store/operations/alerts/view.ts';
import { alertRowOf, present, queryOf } from './rows.ts';
import { visibleAlert, type AlertServices } from './services.ts';

/** Marks on a time line that one answer has at most. */
const MARKS = 2000;

type ListKey = 'alerts.list' | 'alerts.newSince' | 'alerts.groups' | 'alerts.past' | 'alerts.forVehicle';

/** Handlers of what shows many alerts; the principal's view is part of every query. */
export function alertListHandlers(services: AlertServices & { readonly vehicleVisible: (principal: Principal, vehicleId: string) => boolean }): Pick<Handlers<AppContract, Principal>, ListKey> {
  const { reader, board, book, names, clock } = services;
  const rowOf = (row: AlertRecord) => alertRowOf(row, names, clock.now());

  return {
    'alerts.list': ({ filter, sort, offset, limit }, context) => {
      // Before the query: what changes meanwhile is told of twice rather than never.
      const { revision } = board;
      const { total, rows } = reader.list(queryOf(filter, book.view(principalOf(context)), names, clock.now()), sort, offset, limit);
      return { revision, asOf: clock.now(), total, rows: rows.map(rowOf) };
    },

    'alerts.newSince': ({ filter, revision: since }, context) => {
      const { revision } = board;
      const query = queryOf(filter, book.view(principalOf(context)), names, clock.now());
      const changed = board.since(since);
      if (!changed) return { revision, added: 0, changed: reader.count(query) };
      const count = (ids: readonly string[]): number => (ids.length === 0 ? 0 : reader.count({ ...query, ids }));
      return { revision, added: count(changed.added), changed: count(changed.changed) };
    },

    'alerts.groups': ({ filter }, context) => {
      const groups = reader.groups(queryOf(filter, book.view(principalOf(context)), names, clock.now()));
      const cities = new Map(names.directory.locations().map((row) => [row.id, row.city]));
      const rank = (row: AlertRecord): number => ALERT_SEVERITIES.indexOf(row.severity);
      return {
        groups: [...groups]
          .sort((a, b) => rank(a.first) - rank(b.first) || b.count - a.count || a.first.raisedAt - b.first.raisedAt)
          .map(({ cityId, ruleId, count, unacknowledged, first }) =>
            present({ city: cityId === undefined ? undefined : cities.get(cityId), ruleId, name: first.name, tab: first.tab, severity: first.severity, count, unacknowledged, first: rowOf(first) }),
          ),
      };
    },

    'alerts.past': ({ alertId, offset, limit }, context) => {
      const principal = principalOf(context);
      const { total, rows } = reader.past(visibleAlert(services, principal, alertId), offset, limit);
      return { total, rows: rows.map((row) => present({ ...rowOf(row), turnAround: row.clearedAt === undefined ? undefined : row.clearedAt - row.raisedAt })) };
    },

    'alerts.forVehicle': ({ vehicleId, from, to }, context) => {
      const principal = principalOf(context);
      if (!services.vehicleVisible(principal, vehicleId)) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
      const view = book.view(principal);
      const rows = reader.ofVehicle(vehicleId, from, to, MARKS + 1);
      return { alerts: rows.slice(0, MARKS).filter((row) => sees(view, row)).map(rowOf), truncated: rows.length > MARKS };
    },
  };
}
