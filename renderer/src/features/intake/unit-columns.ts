import { formatNumber } from '#renderer/ui/format-number.ts';
import type { GridColumn } from '#renderer/ui/grid/types.ts';
import { formatDuration } from '#renderer/ui/time/format.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { t } from './messages.ts';

export type Unit = OutputOf<'intake.devices'>['devices'][number];

/** Within this a unit's clock counts as right (ms). */
const CLOCK_TOLERANCE = 2000;

/** How far a unit's clock is off, in words; undefined while nobody knows. Positive: ahead. */
export function clockText(skew: number | undefined): string | undefined {
  if (skew === undefined) return undefined;
  if (Math.abs(skew) <= CLOCK_TOLERANCE) return t('clock.right');
  const time = formatDuration(Math.abs(skew));
  return skew > 0 ? t('clock.ahead', { time }) : t('clock.behind', { time });
}

const count = (key: 'messages' | 'gaps' | 'duplicates' | 'late' | 'lengthMismatches', width: number): GridColumn<Unit> => ({ key, get title() { return t(`units.${key}`); }, width, align: 'right', sortable: false, text: (unit) => formatNumber(unit[key]) });

/** The columns of the grid of units; the core sorts it (worst first), so that no column does. */
export const unitColumns: readonly GridColumn<Unit>[] = [
  { key: 'deviceId', get title() { return t('units.deviceId'); }, width: 150, pinned: true, sortable: false, text: (unit) => unit.deviceId },
  { key: 'vin', get title() { return t('units.vin'); }, width: 180, sortable: false, text: (unit) => unit.vin },
  { key: 'lastReceived', get title() { return t('units.lastReceived'); }, width: 176, sortable: false },
  count('messages', 100),
  { key: 'malformed', get title() { return t('units.malformed'); }, width: 92, align: 'right', sortable: false },
  { key: 'lastReason', get title() { return t('units.lastReason'); }, width: 300, sortable: false, text: (unit) => (unit.lastReason === undefined ? undefined : coreText(unit.lastReason)) },
  count('gaps', 72),
  count('duplicates', 92),
  count('late', 72),
  { key: 'clock', get title() { return t('units.clock'); }, width: 130, sortable: false, text: (unit) => clockText(unit.clockSkew) },
  { key: 'unknownIds', get title() { return t('units.unknownIds'); }, width: 160, sortable: false, text: (unit) => (unit.unknownIds.length === 0 ? undefined : unit.unknownIds.join(', ')) },
  count('lengthMismatches', 104),
];
