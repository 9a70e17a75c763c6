/** A column of a DataTable. A slot named like its key draws its cells; without one `text` is shown. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** The title is for screen readers only, as over buttons. */
  readonly quiet?: boolean;
  /** Its cells name their rows. */
  readonly header?: boolean;
  /** Figures stand at the right. */
  readonly align?: 'left' | 'right';
  /** Its texts stay on one line. */
  readonly nowrap?: boolean;
  readonly muted?: boolean;
  /** What is shown; `–` where there is nothing. */
  readonly text?: (row: Row) => string | number | undefined;
}
