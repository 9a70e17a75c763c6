import type { AlertRow } from '#shared/contract/alerts.ts';
import type { GridColumn } from '#renderer/ui/grid/types.ts';
import { t } from './messages.ts';
import { placeText } from './severity.ts';

/** A line of the alert list: an alert, or, in a flood, a group of one rule in one city with its first-out alert. */
export interface AlertLine {
  readonly key: string;
  readonly alert: AlertRow;
  readonly group?: { readonly count: number; readonly unacknowledged: number; readonly city: string | undefined };
}

/** The columns of the alert list; keys are those the list is sorted by. */
export const alertColumns: readonly GridColumn<AlertLine>[] = [
  { key: 'severity', get title() { return t('column.severity'); }, width: 92, pinned: true },
  { key: 'raisedAt', get title() { return t('column.raisedAt'); }, width: 160 },
  { key: 'name', get title() { return t('column.name'); }, width: 200 },
  { key: 'vin', get title() { return t('column.vehicle'); }, width: 202 },
  { key: 'age', get title() { return t('column.age'); }, width: 60, align: 'right', sortable: false },
  { key: 'state', get title() { return t('column.state'); }, width: 140 },
  { key: 'place', get title() { return t('column.place'); }, width: 120, text: ({ alert, group }) => (group ? group.city : placeText(alert)) },
  { key: 'customer', get title() { return t('column.customer'); }, width: 130, text: ({ alert, group }) => (group ? undefined : alert.customer) },
  { key: 'owner', get title() { return t('column.owner'); }, width: 110, hidden: true },
  { key: 'model', get title() { return t('column.model'); }, width: 130, hidden: true, text: ({ alert }) => alert.model },
  { key: 'occurrences', get title() { return t('column.occurrences'); }, width: 96, align: 'right', hidden: true, text: ({ alert }) => String(alert.occurrences) },
];
