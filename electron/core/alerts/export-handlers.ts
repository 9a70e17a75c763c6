import type { AppContract } from '#shared/contract/index.ts';
import { ALERT_MUTES } from '#shared/domain/alerts/rule.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { alert, type AlertRecord } from '#shared/resources/alert.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExportColumn, ExportRow } from '../exchange/grid-file.ts';
import { stateOf, queryOf, type AlertNames } from './rows.ts';
import type { AlertServices } from './services.ts';

const BATCH = 500;

const STATE_LABELS = { active: 'Active', 'active-acknowledged': 'Acknowledged', returned: 'Returned to normal', 'returned-acknowledged': 'Returned, acknowledged', cleared: 'Cleared' } as const;

const label = (field: 'tab' | 'severity' | 'mutedBy', value: string | undefined): string | undefined => alert.fields[field].values?.find((entry) => entry.value === value)?.label;

const COLUMNS: readonly (ExportColumn & { readonly cell: (row: AlertRecord, names: AlertNames) => string | number | undefined })[] = [
  { label: 'Time stamp', type: 'instant', width: 150, cell: (row) => row.raisedAt },
  { label: 'Alert', type: 'text', width: 200, cell: (row) => row.name },
  { label: 'Tab', type: 'text', width: 120, cell: (row) => label('tab', row.tab) },
  { label: 'Severity', type: 'text', width: 80, cell: (row) => label('severity', row.severity) },
  { label: 'State', type: 'text', width: 150, cell: (row) => STATE_LABELS[stateOf(row)] },
  { label: 'VIN', type: 'text', width: 160, cell: (row) => row.vin },
  { label: 'Model', type: 'text', width: 140, cell: (row, names) => names.directory.vehicle(row.vehicleId)?.model },
  { label: 'Customer', type: 'text', width: 180, cell: (row, names) => names.directory.vehicle(row.vehicleId)?.customer },
  { label: 'City', type: 'text', width: 120, cell: (row, names) => names.directory.vehicle(row.vehicleId)?.city },
  { label: 'Location', type: 'text', width: 200, cell: (row) => row.place },
  { label: 'Value', type: 'number', width: 90, cell: (row) => row.value },
  { label: 'Occurrences', type: 'number', width: 90, cell: (row) => row.occurrences },
  { label: 'Returned to normal', type: 'instant', width: 150, cell: (row) => row.returnedAt },
  { label: 'Acknowledged', type: 'instant', width: 150, cell: (row) => row.acknowledgedAt },
  { label: 'Acknowledged by', type: 'text', width: 140, cell: (row) => row.acknowledgedBy },
  { label: 'Cleared', type: 'instant', width: 150, cell: (row) => row.clearedAt },
  { label: 'Cleared by', type: 'text', width: 140, cell: (row) => row.clearedBy },
  { label: 'Comment', type: 'text', width: 260, cell: (row) => row.clearComment },
  { label: 'TAT (min)', type: 'number', width: 90, decimals: 1, cell: (row) => (row.clearedAt === undefined ? undefined : (row.clearedAt - row.raisedAt) / 60_000) },
  { label: 'Shelved until', type: 'instant', width: 150, cell: (row) => row.shelvedUntil },
  { label: 'Muted by', type: 'text', width: 120, cell: (row) => (row.mutedBy !== undefined && ALERT_MUTES.includes(row.mutedBy) ? label('mutedBy', row.mutedBy) : undefined) },
  { label: 'Owner', type: 'text', width: 140, cell: (row, names) => (row.ownerId === undefined ? undefined : names.userName(row.ownerId)) },
];

/** The export of the alert grid: every alert that matches, in the order of the screen. */
export function alertExportHandlers({ reader, book, names, clock, exchange }: AlertServices & { readonly exchange: Exchange }): Pick<Handlers<AppContract, Principal>, 'alerts.export'> {
  return {
    'alerts.export': (input, context, sink) => {
      const query = queryOf(input.filter, book.view(principalOf(context)), names, clock.now());
      const sort = input.sort ?? { column: 'raisedAt', direction: 'desc' as const };
      // The set is what it is now; rows that change while the file is written are written as they are then.
      const ids = reader.sortedIds(query, sort);
      const signal = { aborted: false };
      function* rows(): Iterable<readonly ExportRow[]> {
        for (let at = 0; at < ids.length; at += BATCH) {
          const wanted = ids.slice(at, at + BATCH);
          const found = new Map(reader.byIds(wanted).map((row) => [row.id, row]));
          yield wanted.flatMap((id) => {
            const row = found.get(id);
            return row ? [COLUMNS.map((column) => column.cell(row, names))] : [];
          });
        }
      }
      sink.push({ done: 0, total: ids.length, state: 'running' });
      exchange
        .exportGrid({ title: 'Alerts', columns: COLUMNS.map(({ cell: _cell, ...column }) => column), timeZone: input.timeZone, rows: rows(), total: ids.length, signal, onProgress: (done) => sink.push({ done, total: ids.length, state: 'running' }) })
        .then(({ url, fileName }) => {
          sink.push({ done: ids.length, total: ids.length, state: 'ready', url, fileName });
          sink.end();
        })
        .catch((error: unknown) => signal.aborted || sink.fail(error));
      return disposable(() => (signal.aborted = true));
    },
  };
}
