import { AppError } from '#shared/kernel/error.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { prepared } from '#shared/store/prepared.ts';

/** What somebody who planned a change saw of a row; `revision` undefined: it was not there. */
export interface RowExpectation {
  readonly resource: string;
  readonly id: string;
  readonly revision: number | undefined;
}

/** Throws AppError stale where a row is no longer what was seen. */
export function expectRows(database: SqliteDatabase, rows: readonly RowExpectation[]): void {
  for (const { resource, id, revision } of rows) {
    const { table, label } = resourceNamed(resource);
    const now = prepared<[string], { revision: number }>(database, `SELECT revision FROM ${table} WHERE id = ?`).get(id)?.revision;
    if (now === revision) continue;
    const one = label.one.toLowerCase();
    throw new AppError('stale', now === undefined ? `This ${one} was deleted meanwhile. Leave the row out.` : `This ${one} was changed by somebody else since the preview. Upload the row again.`, { resource, id });
  }
}
