/** What a cell holds: text, a number, yes/no, a calendar date `YYYY-MM-DD`, an instant in epoch ms; undefined is empty. */
export type ExportCell = string | number | boolean | undefined;
export type ExportRow = readonly ExportCell[];

export interface ExportColumn {
  readonly label: string;
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'instant';
  /** Unit of measure, written into the heading. */
  readonly unit?: string;
  /** Decimals of a number. */
  readonly decimals?: number;
  /** Width on screen, px. */
  readonly width?: number;
  /** Words for true and false; Yes and No when left out. */
  readonly words?: readonly [string, string];
  /** What a person who fills the sheet in may choose from. */
  readonly list?: readonly string[];
}

/** Rows of a sheet below its heading (Excel specifications and limits: 1,048,576 in all). */
export const SHEET_ROWS = 1_048_575;

/** What a file is made of, but for its rows. */
export interface GridDescription {
  /** Name of the sheet and beginning of the file's name. */
  readonly title: string;
  readonly columns: readonly ExportColumn[];
  /** IANA zone in which instants are written. */
  readonly timeZone: string;
  /** Rows below the heading that offer the lists of their columns; more than are written, where somebody goes on filling it in. */
  readonly listRows?: number;
}

/** Writes a grid batch by batch. */
export interface GridWriter {
  /** Resolves when the batch is on its way to the disk and there is room for another. */
  rows(batch: readonly ExportRow[]): Promise<void>;
  /** Completes the file. */
  end(): Promise<void>;
  /** Gives up; the file is removed by the caller. */
  abort(): void;
}

/** Longest text a cell of a spreadsheet may hold (Excel specifications and limits). */
export const CELL_TEXT_LIMIT = 32_767;

export function headingOf(column: ExportColumn): string {
  return column.unit === undefined || column.unit === '' ? column.label : `${column.label} (${column.unit})`;
}

export function wordOf(column: Pick<ExportColumn, 'words'>, value: boolean): string {
  const [yes, no] = column.words ?? ['Yes', 'No'];
  return value ? yes : no;
}

/** Offsets of a zone change at most every quarter of an hour, in any zone and year. */
const OFFSET_STEP = 900_000;
const OFFSETS_KEPT = 50_000;

/**
 * Turns instants into wall-clock time of a zone, as an epoch value whose UTC fields are the local ones: spreadsheets have no
 * zones. Throws RangeError for an unknown zone.
 */
export function wallClock(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  const offsets = new Map<number, number>();
  return (instant) => {
    const step = Math.floor(instant / OFFSET_STEP);
    let offset = offsets.get(step);
    if (offset === undefined) {
      const parts = Object.fromEntries(format.formatToParts(step * OFFSET_STEP).map((part) => [part.type, Number(part.value)]));
      const local = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
      offset = local - step * OFFSET_STEP;
      if (offsets.size >= OFFSETS_KEPT) offsets.clear();
      offsets.set(step, offset);
    }
    return instant + offset;
  };
}
