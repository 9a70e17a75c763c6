import type { ParameterEntry, ParameterGroup } from './entry.ts';

type Extra = Partial<Omit<ParameterEntry, 'number' | 'key' | 'label' | 'group' | 'kind'>>;

/** Nothing is silent for longer than this in history while its unit reports, ms. */
const USUAL_PERIOD = 60_000;

export const OFF_ON = { 0: 'Off', 1: 'On' } as const;
export const NO_YES = { 0: 'No', 1: 'Yes' } as const;
const NORMAL_ACTIVE = { 0: 'Normal', 1: 'Active' } as const;

/** Builders of catalogue entries for one unit of the vehicle. */
export function entriesOf(group: ParameterGroup): {
  measure(number: number, key: string, label: string, unit: string, decimals: number, extra?: Extra): ParameterEntry;
  state(number: number, key: string, label: string, choices: Readonly<Record<string, string>>, extra?: Extra): ParameterEntry;
  flag(number: number, key: string, label: string, choices: Readonly<Record<string, string>>, extra?: Extra): ParameterEntry;
  alarm(number: number, key: string, label: string): ParameterEntry;
  text(number: number, key: string, label: string, extra?: Extra): ParameterEntry;
} {
  return {
    measure: (number, key, label, unit, decimals, extra = {}) => ({ number, key, label, unit, group, kind: 'number', decimals, deadBand: 0, storagePeriod: USUAL_PERIOD, ...extra }),
    state: (number, key, label, choices, extra = {}) => ({ number, key, label, unit: '', group, kind: 'state', decimals: 0, deadBand: 0, storagePeriod: USUAL_PERIOD, choices, ...extra }),
    flag: (number, key, label, choices, extra = {}) => ({ number, key, label, unit: '', group, kind: 'flag', decimals: 0, deadBand: 0, storagePeriod: USUAL_PERIOD, choices, ...extra }),
    // The normal range of an alarm bit is 0, so that an active one is marked on every page.
    alarm: (number, key, label) => ({ number, key, label, unit: '', group, kind: 'flag', decimals: 0, min: 0, max: 0, deadBand: 0, storagePeriod: USUAL_PERIOD, choices: NORMAL_ACTIVE }),
    text: (number, key, label, extra = {}) => ({ number, key, label, unit: '', group, kind: 'text', decimals: 0, deadBand: 0, storagePeriod: USUAL_PERIOD, ...extra }),
  };
}
