export interface GridSort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

export interface GridRequest {
  readonly offset: number;
  readonly limit: number;
  readonly sort: GridSort | undefined;
}

export interface GridPage<Row> {
  readonly rows: readonly Row[];
  /** All rows that match, not only these. */
  readonly total: number;
}

/** Answers one page of the grid; rejects with what is shown in its place. */
export type GridLoad<Row> = (request: GridRequest) => Promise<GridPage<Row>>;

export interface GridColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** px at first; the user's own width is remembered. */
  readonly width: number;
  readonly align?: 'left' | 'right';
  /** False where the source cannot sort by it. */
  readonly sortable?: boolean;
  /** Hidden until chosen. */
  readonly hidden?: boolean;
  /** Always shown, at the left edge, and not moved: what a row is known by. */
  readonly pinned?: boolean;
  /** What a cell shows where the page gives no slot `cell-<key>`; undefined is shown as –. */
  readonly text?: (row: Row) => string | undefined;
}

/** What the user chose about a grid, as it is stored in a preference. */
export interface GridLayout {
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  readonly compact: boolean;
  /** Rows per page; undefined: all in one scroll. */
  readonly pageSize: number | undefined;
}

/** Where a grid keeps its layout. */
export interface LayoutPort {
  load(): Promise<unknown>;
  save(value: unknown): void;
}
