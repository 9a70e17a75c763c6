import type { WriteRequest } from '#renderer/app/send-once.ts';
import type { NumberAnswer } from '#shared/contract/commissioning.ts';
import { NUMBER_KINDS, type NumberKind } from '#shared/domain/commissioning/index.ts';

/** Cells of a row in the order in which they are scanned. */
export const CELLS = [...NUMBER_KINDS, 'userName'] as const;
export type Cell = (typeof CELLS)[number];

/** One vehicle of a tray. */
export interface TrayRow {
  /** Of this row alone, whatever is removed before it. */
  readonly key: number;
  typed: Record<Cell, string>;
  numbers: Partial<Record<NumberKind, NumberAnswer>>;
  /** Why it was not commissioned. */
  problem: string | undefined;
  /** The change that was sent and not answered. */
  request?: WriteRequest | undefined;
}

export function emptyRow(key: number): TrayRow {
  return { key, typed: { vcu: '', battery: '', motor: '', frame: '', phone: '', userName: '' }, numbers: {}, problem: undefined };
}

export const isEmptyRow = (row: TrayRow): boolean => CELLS.every((cell) => row.typed[cell].trim() === '');

const identity = (text: string): string => text.toUpperCase().replace(/\s+/g, '');

/** Whether another row of the tray has this number already. */
export function isRepeated(rows: readonly TrayRow[], row: TrayRow, kind: NumberKind, number: string): boolean {
  return rows.some((other) => other.key !== row.key && other.numbers[kind] !== undefined && identity(other.numbers[kind].number) === identity(number));
}

/** Whether every number of a row can be used and its user is named. */
export function isComplete(row: TrayRow): boolean {
  return NUMBER_KINDS.every((kind) => row.numbers[kind]?.available === true) && row.typed.userName.trim() !== '';
}

/** Where the next scan goes: the cell after this one, in the next row after the last. */
export function nextCell(row: number, cell: Cell): { readonly row: number; readonly cell: Cell } {
  const index = CELLS.indexOf(cell);
  const next = CELLS[index + 1];
  return next === undefined ? { row: row + 1, cell: 'vcu' } : { row, cell: next };
}
