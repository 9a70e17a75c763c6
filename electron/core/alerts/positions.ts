import type { Disposable } from '#shared/kernel/disposable.ts';
import { setting } from '#shared/resources/setting.ts';
import { settingId } from '#shared/sync/mutators/setting.ts';
import type { Operations } from '../store/operations/operations.ts';

/** Setting: how many operators share the alerts. */
export const POSITIONS = 'alerts.positions';
const ID = settingId(POSITIONS);

/** How many operators share the alerts; one where nothing is set. */
export function positionsOf(operations: Pick<Operations, 'read'>): number {
  const value = operations.read.get(setting, ID)?.value;
  return typeof value === 'number' && value >= 1 ? Math.floor(value) : 1;
}

/** Calls back when that has been changed. */
export function whenPositionsChange(operations: Pick<Operations, 'onChange'>, listener: () => void): Disposable {
  return operations.onChange(({ changes }) => {
    if (changes.some((change) => change.resource === setting.name && change.rowId === ID)) listener();
  });
}
