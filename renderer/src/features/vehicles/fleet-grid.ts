import { FLEET_COLUMNS, type FleetColumn } from '#shared/domain/fleet/columns.ts';
import type { FleetRow } from '#shared/contract/fleet.ts';
import { formatNumber } from '#renderer/ui/format-number.ts';
import type { GridColumn } from '#renderer/ui/grid/types.ts';
import { formatDate } from '#renderer/ui/time/format.ts';

function textOf(column: FleetColumn, row: FleetRow): string | undefined {
  const value = row.cells[column.key];
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return column.words ? column.words[value ? 0 : 1] : String(value);
  if (typeof value === 'number') return formatNumber(value, column.decimals ?? 0);
  return column.type === 'date' ? formatDate(value) : value;
}

/** The grid's columns, from the one definition that search, sort and export use too. */
export const fleetGridColumns: readonly GridColumn<FleetRow>[] = FLEET_COLUMNS.map((column: FleetColumn) => ({
  key: column.key,
  title: column.unit !== undefined && column.unit !== '°' ? `${column.label} (${column.unit})` : column.label,
  width: column.width,
  align: column.type === 'number' ? 'right' : 'left',
  hidden: column.optional ?? false,
  pinned: column.key === 'vin',
  text: (row) => textOf(column, row),
}));
