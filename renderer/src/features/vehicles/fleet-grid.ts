import { FLEET_COLUMNS, type FleetColumn } from '#shared/domain/fleet/columns.ts';
import type { FleetRow } from '#shared/contract/fleet.ts';
import { formatNumber } from '#renderer/ui/format-number.ts';
import type { GridColumn } from '#renderer/ui/grid/types.ts';
import { formatDate } from '#renderer/ui/time/format.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';

/** Columns whose texts are words of the product, not of people. */
const WORDS: ReadonlySet<string> = new Set(['charging', 'productStatus', 'status']);

function textOf(column: FleetColumn, row: FleetRow): string | undefined {
  const value = row.cells[column.key];
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return column.words ? coreText(column.words[value ? 0 : 1]) : String(value);
  if (typeof value === 'number') return formatNumber(value, column.decimals ?? 0);
  if (column.type === 'date') return formatDate(value);
  return WORDS.has(column.key) ? coreText(value) : value;
}

/** The grid's columns, from the one definition that search, sort and export use too. */
export const fleetGridColumns: readonly GridColumn<FleetRow>[] = FLEET_COLUMNS.map((column: FleetColumn) => ({
  key: column.key,
  get title() { return column.unit !== undefined && column.unit !== '°' ? `${coreText(column.label)} (${column.unit})` : coreText(column.label); },
  width: column.width,
  align: column.type === 'number' ? 'right' : 'left',
  hidden: column.optional ?? false,
  pinned: column.key === 'vin',
  text: (row) => textOf(column, row),
}));
