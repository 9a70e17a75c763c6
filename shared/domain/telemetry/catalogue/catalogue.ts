import { AppError } from '../../../kernel/error.ts';
import { BATTERY_ENTRIES } from './battery-entries.ts';
import { CHARGER_ENTRIES, MOTOR_ENTRIES } from './drive-entries.ts';
import { FIRST_ADDITIONAL_NUMBER, LAST_NUMBER, PARAMETER_KEY_PATTERN, type ParameterEntry } from './entry.ts';
import { OTHER_ENTRIES, UNIT_ENTRIES, VEHICLE_ENTRIES } from './vehicle-entries.ts';

/** The parameters every installation has, by number. Numbers are never changed and never used again. */
export const STATIC_PARAMETERS: readonly ParameterEntry[] = [...UNIT_ENTRIES, ...VEHICLE_ENTRIES, ...BATTERY_ENTRIES, ...MOTOR_ENTRIES, ...CHARGER_ENTRIES, ...OTHER_ENTRIES];

export interface ParameterCatalogue {
  /** By number, ascending. */
  readonly entries: readonly ParameterEntry[];
  readonly highestNumber: number;
  byNumber(number: number): ParameterEntry | undefined;
  /** By key or alias. */
  byKey(key: string): ParameterEntry | undefined;
  /** Number of the parameter with this key or alias; 0 where there is none. */
  numberOf(key: string): number;
}

function refuse(entry: ParameterEntry, why: string): never {
  throw new AppError('invalid-input', `Parameter ${entry.number} “${entry.key}” ${why}.`, { number: entry.number, key: entry.key });
}

/**
 * A catalogue of the static entries and those an installation added. Throws AppError `invalid-input` for a number or name used
 * twice, a malformed key, and an additional number below FIRST_ADDITIONAL_NUMBER.
 */
export function createCatalogue(fixed: readonly ParameterEntry[] = STATIC_PARAMETERS, additional: readonly ParameterEntry[] = []): ParameterCatalogue {
  const numbers = new Map<number, ParameterEntry>();
  const keys = new Map<string, ParameterEntry>();
  const add = (entry: ParameterEntry, lowest: number): void => {
    if (!Number.isInteger(entry.number) || entry.number < lowest || entry.number > LAST_NUMBER) refuse(entry, `needs a number from ${lowest} to ${LAST_NUMBER}`);
    if (!PARAMETER_KEY_PATTERN.test(entry.key)) refuse(entry, 'needs a key of letters and digits');
    const same = numbers.get(entry.number);
    if (same !== undefined) refuse(entry, `has the number of “${same.key}”`);
    numbers.set(entry.number, entry);
    for (const name of [entry.key, ...(entry.aliases ?? [])]) {
      if (keys.has(name)) refuse(entry, `uses the name “${name}”, which is taken`);
      keys.set(name, entry);
    }
  };
  for (const entry of fixed) add(entry, 1);
  for (const entry of additional) add(entry, FIRST_ADDITIONAL_NUMBER);
  const entries = [...numbers.values()].sort((a, b) => a.number - b.number);
  return {
    entries,
    highestNumber: entries.at(-1)?.number ?? 0,
    byNumber: (number) => numbers.get(number),
    byKey: (key) => keys.get(key),
    numberOf: (key) => keys.get(key)?.number ?? 0,
  };
}
