import type { AlertRow } from '#shared/contract/alerts.ts';
import type { AlertMute, AlertSeverity, AlertTab, ShelfTime } from '#shared/domain/alerts/rule.ts';
import { SEVERITY_ICONS } from '#renderer/fleet/severity-icons.ts';
import type { IconName } from '#renderer/ui/icons/icons.ts';
import { formatClock, formatInstant } from '#renderer/ui/time/format.ts';
import { t } from './messages.ts';

/** Shape and word of a severity; its colour is the token of the same name. */
export const SEVERITY_STYLES = {
  critical: { icon: SEVERITY_ICONS.critical, get label() { return t('severity.critical'); } },
  high: { icon: SEVERITY_ICONS.high, get label() { return t('severity.high'); } },
  low: { icon: SEVERITY_ICONS.low, get label() { return t('severity.low'); } },
} as const satisfies Record<AlertSeverity, { icon: IconName; label: string }>;

export const TAB_LABELS = { get smart() { return t('tab.smart'); }, get bms() { return t('tab.bms'); }, get mcu() { return t('tab.mcu'); }, get charger() { return t('tab.charger'); }, get vcu() { return t('tab.vcu'); } } as const satisfies Record<AlertTab, string>;

export const MUTE_LABELS = {
  get offline() { return t('mute.offline'); },
  get 'bms-bus-lost'() { return t('mute.bmsBusLost'); },
  get network() { return t('mute.network'); },
  get workshop() { return t('mute.workshop'); },
  get ota() { return t('mute.ota'); },
  get late() { return t('mute.late'); },
} as const satisfies Record<AlertMute, string>;

export const SHELF_LABELS = { get '30m'() { return t('shelf.30m'); }, get '2h'() { return t('shelf.2h'); }, get '8h'() { return t('shelf.8h'); } } as const satisfies Record<ShelfTime, string>;

export const isAcknowledged = (row: Pick<AlertRow, 'state'>): boolean => row.state === 'active-acknowledged' || row.state === 'returned-acknowledged' || row.state === 'cleared';
export const isActive = (row: Pick<AlertRow, 'state'>): boolean => row.state === 'active' || row.state === 'active-acknowledged';

/** The state of an alert in a few words: `Active`, `Acknowledged`, `Returned`, `Shelved until 14:20`, `Muted: Offline`. */
export function stateText(row: AlertRow, now: number): string {
  if (row.state === 'cleared') return row.forced === true ? t('state.forced') : t('state.cleared');
  if (row.shelvedUntil !== undefined && row.shelvedUntil > now) return t('state.shelved', { time: row.shelvedUntil - now < 12 * 3_600_000 ? formatClock(row.shelvedUntil) : formatInstant(row.shelvedUntil) });
  if (row.mutedBy !== undefined) return t('state.muted', { by: MUTE_LABELS[row.mutedBy] });
  if (!isActive(row)) return row.state === 'returned' ? t('state.returned') : t('state.returnedAcknowledged');
  return row.state === 'active' ? t('state.active') : t('state.acknowledged');
}

/** Where the vehicle was, the nearest place first. */
export function placeText(row: AlertRow): string | undefined {
  return row.place ?? row.city ?? (row.lat === undefined || row.lon === undefined ? undefined : `${row.lat.toFixed(4)}, ${row.lon.toFixed(4)}`);
}
