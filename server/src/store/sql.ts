/** A value that both databases take as it is. */
export type SqlValue = string | number | null;

/**
 * One connection, inside whatever transaction is open on it. Statements are written with `?` and in the words that SQLite and PostgreSQL
 * share; rows come as objects by column name.
 */
export interface Sql {
  all<R>(statement: string, parameters?: readonly SqlValue[]): Promise<readonly R[]>;
  /** Runs a statement and returns how many rows it changed. */
  run(statement: string, parameters?: readonly SqlValue[]): Promise<number>;
}

/** The first row, or undefined. */
export async function firstRow<R>(sql: Sql, statement: string, parameters: readonly SqlValue[] = []): Promise<R | undefined> {
  const [row] = await sql.all<R>(statement, parameters);
  return row;
}
