import { formatNumber } from '#renderer/ui/format-number.ts';
import type { GridColumn } from '#renderer/ui/grid/types.ts';
import { formatDuration } from '#renderer/ui/time/format.ts';
import type { OutputOf } from '#shared/contract/index.ts';
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

const count = (key: 'messages' | 'gaps' | 'duplicates' | 'late' | 'lengthMismatches', title: string, width: number): GridColumn<Unit> => ({ key, title, width, align: 'right', sortable: false, text: (unit) => formatNumber(unit[key]) });

/** The columns of the grid of units; the core sorts it (worst first), so that no column does. */
export const unitColumns: readonly GridColumn<Unit>[] = [
  { key: 'deviceId', title: t('units.deviceId'), width: 150, pinned: true, sortable: false, text: (unit) => unit.deviceId },
  { key: 'vin', title: t('units.vin'), width: 180, sortable: false, text: (unit) => unit.vin },
  { key: 'lastReceived', title: t('units.lastReceived'), width: 176, sortable: false },
  count('messages', t('units.messages'), 100),
  { key: 'malformed', title: t('units.malformed'), width: 92, align: 'right', sortable: false },
  { key: 'lastReason', title: t('units.lastReason'), width: 300, sortable: false, text: (unit) => unit.lastReason },
  count('gaps', t('units.gaps'), 72),
  count('duplicates', t('units.duplicates'), 92),
  count('late', t('units.late'), 72),
  { key: 'clock', title: t('units.clock'), width: 130, sortable: false, text: (unit) => clockText(unit.clockSkew) },
  { key: 'unknownIds', title: t('units.unknownIds'), width: 160, sortable: false, text: (unit) => (unit.unknownIds.length === 0 ? undefined : unit.unknownIds.join(', ')) },
  count('lengthMismatches', t('units.lengthMismatches'), 104),
];
