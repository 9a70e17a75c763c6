import type { Field } from '../resources/field.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { FieldChange, RowChange } from './change.ts';

/** One line of a row's history. `from` and `to` are as stored, choices by their label; both are absent where values are not kept. */
export interface HistoryLine {
  readonly field: string;
  readonly label: string;
  readonly type: Field['type'] | undefined;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** What a change did, in the words of the resource's definition; a field that is no longer defined keeps its key. */
export function historyLines(change: Pick<RowChange, 'resource' | 'fields'>): readonly HistoryLine[] {
  const { fields } = resourceNamed(change.resource);
  return Object.entries(change.fields).map(([key, values]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return { field: key, label: field?.label ?? key, type: field?.type, ...shown(field, values) };
  });
}

function shown(field: Field | undefined, values: FieldChange): { readonly from?: unknown; readonly to?: unknown } {
  if ('withheld' in values) return {};
  const word = (value: unknown): unknown => field?.values?.find((entry) => entry.value === value)?.label ?? value;
  return { ...(values.from === undefined ? {} : { from: word(values.from) }), ...(values.to === undefined ? {} : { to: word(values.to) }) };
}
