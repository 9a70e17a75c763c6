import type { ResourceRow } from '#shared/contract/resource.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { formatNumber } from '#renderer/ui/format-number.ts';
import type { GridColumn } from '#renderer/ui/grid/types.ts';
import { formatDate, formatInstant } from '#renderer/ui/time/format.ts';
import { columnOf } from './column-of.ts';
import { inWords, labelOf } from './labels.ts';
import { t } from './messages.ts';

/** What a cell holds; undefined where the row has nothing there. */
export function cellValue(resource: Resource, row: ResourceRow, key: string): unknown {
  return Object.hasOwn(resource.joined, key) ? row.joined[key] : (row.values as Readonly<Record<string, unknown>>)[key];
}

/** A value as a person reads it; undefined for none. */
export function valueText(field: Field, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  switch (field.type) {
    case 'date':
      return formatDate(String(value));
    case 'instant':
      return formatInstant(Number(value));
    case 'boolean':
      return value === true ? t('value.yes') : t('value.no');
    case 'enum':
      return inWords(field.values?.find((entry) => entry.value === value)?.label ?? String(value));
    case 'integer':
      return formatNumber(Number(value));
    case 'number':
      return formatNumber(Number(value), Math.min(6, String(value).split('.')[1]?.length ?? 0));
    case 'json':
      return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(', ') : JSON.stringify(value);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

export function cellText(resource: Resource, row: ResourceRow, key: string): string | undefined {
  return valueText(columnOf(resource, key).field, cellValue(resource, row, key));
}

/** The column a row is known by: its title, or the joined column that shows what the title refers to. */
export function titleColumn(resource: Resource): string {
  const field = fieldOf(resource, resource.title);
  if (field.type !== 'reference' || field.to === undefined) return resource.title;
  const target = resourceNamed(field.to);
  return Object.keys(resource.joined).find((key) => resource.joined[key]?.through === resource.title && resource.joined[key]?.field === target.title) ?? resource.title;
}

export function titleText(resource: Resource, row: ResourceRow): string {
  return cellText(resource, row, titleColumn(resource)) ?? '–';
}

const WIDTHS: Readonly<Record<Field['type'], number>> = { text: 170, identifier: 172, phone: 140, email: 200, integer: 90, number: 110, date: 120, instant: 170, boolean: 90, enum: 140, reference: 160, json: 160 };

/** What a row is known by is read in full, px. */
const TITLE_EXTRA = 40;

/** The grid's columns: those the definition names, the first of them staying in view, then the rest, hidden until chosen. */
export function resourceColumns(resource: Resource): readonly GridColumn<ResourceRow>[] {
  const title = titleColumn(resource);
  const shown = resource.grid ?? [title];
  const rest = [...Object.keys(resource.fields), ...Object.keys(resource.joined)].filter((key) => {
    const { type } = columnOf(resource, key).field;
    return !shown.includes(key) && type !== 'reference' && type !== 'json';
  });
  return [...shown, ...rest].map((key) => {
    const { field } = columnOf(resource, key);
    return {
      key,
      get title() {
        const label = labelOf(resource, key);
        return field.unit !== undefined && field.unit !== '°' ? `${label} (${field.unit})` : label;
      },
      width: WIDTHS[field.type] + (key === title ? TITLE_EXTRA : 0),
      align: field.type === 'number' || field.type === 'integer' ? 'right' : 'left',
      hidden: !shown.includes(key),
      pinned: key === shown[0],
      text: (row) => cellText(resource, row, key),
    };
  });
}
