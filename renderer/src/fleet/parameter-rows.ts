import type { ItemOf } from '#shared/contract/index.ts';
import type { CatalogueParameter } from '#renderer/live/use-catalogue.ts';
import { formatNumber } from '#renderer/ui/format-number.ts';

/** One parameter as a page shows it. */
export interface ParameterRow {
  readonly parameter: CatalogueParameter;
  readonly text: string;
  readonly value: number | undefined;
  /** Event time, epoch ms. */
  readonly time: number;
  readonly outOfRange: boolean;
}

export const PARAMETER_GROUPS = ['VCU', 'BMS', 'MCU', 'Charger', 'Other'] as const;
export type ParameterGroup = (typeof PARAMETER_GROUPS)[number];

/** Words of a value: a state's label, or a number in its decimals. */
export function valueText(parameter: CatalogueParameter, value: number): string {
  return parameter.choices?.[String(value)] ?? formatNumber(value, parameter.decimals);
}

/** Whether a value lies outside the parameter's normal range. */
export function isOutOfRange(parameter: CatalogueParameter, value: number): boolean {
  return (parameter.min !== undefined && value < parameter.min) || (parameter.max !== undefined && value > parameter.max);
}

/** The normal range in words, undefined where there is none or where it is "inactive". */
export function rangeText(parameter: CatalogueParameter): string | undefined {
  const { min, max, decimals, unit, kind } = parameter;
  if (kind !== 'number') return undefined;
  const number = (value: number): string => formatNumber(value, Number.isInteger(value) ? 0 : Math.max(decimals, 1));
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (min !== undefined && max !== undefined) return `${number(min)} – ${number(max)}${suffix}`;
  if (max !== undefined) return `≤ ${number(max)}${suffix}`;
  return min === undefined ? undefined : `≥ ${number(min)}${suffix}`;
}

/** Every reported parameter by group, in the catalogue's order. */
export function parameterRows(item: ItemOf<'vehicle.parameters'> | undefined, catalogue: ReadonlyMap<number, CatalogueParameter>): Map<ParameterGroup, ParameterRow[]> {
  const rows: ParameterRow[] = [];
  item?.parameter.forEach((number, i) => {
    const parameter = catalogue.get(number);
    const value = item.value[i]!;
    if (parameter) rows.push({ parameter, value, text: valueText(parameter, value), time: item.time[i]!, outOfRange: isOutOfRange(parameter, value) });
  });
  for (const { parameter: number, text, time } of item?.texts ?? []) {
    const parameter = catalogue.get(number);
    if (parameter) rows.push({ parameter, value: undefined, text, time, outOfRange: false });
  }
  rows.sort((a, b) => a.parameter.number - b.parameter.number);
  return new Map(PARAMETER_GROUPS.map((group) => [group, rows.filter((row) => row.parameter.group === group)]));
}

/** A group's rows by how they are shown: a table of values, the battery's cells, the alarm bits. */
export interface ParameterParts {
  readonly values: readonly ParameterRow[];
  readonly cells: readonly ParameterRow[];
  readonly alarms: readonly ParameterRow[];
}

/** An alarm is a flag whose normal range is 0. */
function isAlarm({ parameter }: ParameterRow): boolean {
  return parameter.kind === 'flag' && parameter.min === 0 && parameter.max === 0;
}

export function partsOf(rows: readonly ParameterRow[]): ParameterParts {
  const isCell = ({ parameter }: ParameterRow): boolean => /^cellVoltage\d+$/.test(parameter.key);
  return { values: rows.filter((row) => !isCell(row) && !isAlarm(row)), cells: rows.filter(isCell), alarms: rows.filter(isAlarm) };
}
