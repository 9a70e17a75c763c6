import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { LoggedChange, RowChange } from '#shared/sync/change.ts';
import type { MutationRecord } from '#shared/sync/mutation.ts';
import { prepared } from './prepared.ts';

/** A mutation that was applied before: its result, and what it was, so that an id used for something else is noticed. */
export interface AppliedMutation {
  readonly name: string;
  readonly args: string;
  readonly result: unknown;
}

export function findMutation(database: SqliteDatabase, id: string): AppliedMutation | undefined {
  const row = prepared<[string], { name: string; args: string; result: string }>(database, 'SELECT name, args, result FROM mutation WHERE id = ?').get(id);
  return row === undefined ? undefined : { name: row.name, args: row.args, result: parseResult(row.result) };
}

/** Text of a mutation's arguments, by which two uses of one id are compared. */
export function argsText(args: unknown): string {
  return JSON.stringify(args ?? {});
}

// A mutator may return nothing, which JSON cannot say.
const parseResult = (text: string): unknown => (text === '' ? undefined : (JSON.parse(text) as unknown));

/** Stores an applied mutation with its changes and the session it came from (empty: none), in the open transaction; returns the changes with their place in the log. */
export function storeMutation(database: SqliteDatabase, record: MutationRecord, sessionId: string, result: unknown, changes: readonly RowChange[]): LoggedChange[] {
  prepared(database, 'INSERT INTO mutation (id, name, args, user_id, node_id, at, based_on, result, session_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(record.id, record.name, argsText(record.args), record.userId, record.nodeId, record.at, JSON.stringify(record.basedOn), JSON.stringify(result) ?? '', sessionId === '' ? null : sessionId);
  const insert = prepared(
    database,
    'INSERT INTO change_log (mutation_id, resource, row_id, operation, revision, fields, user_id, node_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  return changes.map((change) => {
    const { lastInsertRowid } = insert.run(record.id, change.resource, change.rowId, change.operation, change.revision, JSON.stringify(change.fields), record.userId, record.nodeId, record.at);
    return { ...change, sequence: Number(lastInsertRowid), mutationId: record.id, userId: record.userId, nodeId: record.nodeId, at: record.at };
  });
}

/** The rows of a mutation in the change log as one text, which the audit's digest covers; undefined once they are purged. */
export function changesText(database: SqliteDatabase, mutationId: string): string | undefined {
  const rows = prepared<[string], { operation: string; resource: string; rowId: string; revision: number; fields: string }>(
    database,
    'SELECT operation, resource, row_id AS rowId, revision, fields FROM change_log WHERE mutation_id = ? ORDER BY sequence',
  ).all(mutationId);
  if (rows.length === 0) return undefined;
  return `[${rows.map((row) => `{"operation":"${row.operation}","resource":"${row.resource}","rowId":"${row.rowId}","revision":${row.revision},"fields":${row.fields}}`).join(',')}]`;
}
