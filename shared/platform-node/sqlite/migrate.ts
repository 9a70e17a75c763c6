import { AppError } from '../../kernel/error.ts';
import { storeError } from './errors.ts';
import type { SqliteDatabase } from './open.ts';

/** One step of a schema. Numbers run from 1 without gaps; what has been released is never changed. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** SQL of the step, or code for what SQL cannot say. Runs inside the step's transaction. */
  readonly up: string | ((database: SqliteDatabase) => void);
}

export interface MigrationResult {
  readonly from: number;
  readonly to: number;
}

/** The schema number a database is at; 0 for a new one. */
export function schemaNumber(database: SqliteDatabase): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/**
 * Brings a database to the newest step, each step in its own transaction; a step that fails leaves the steps before it and
 * throws. `applicationId` (a positive 31-bit number, one per kind of database) marks the file, so that a wrong file is refused.
 * Throws AppError store-newer for a database of a newer build, store-corrupt for another program's file.
 */
export function migrate(database: SqliteDatabase, migrations: readonly Migration[], applicationId: number): MigrationResult {
  migrations.forEach((migration, index) => {
    if (migration.number !== index + 1) throw new Error(`migration ${migration.name} has number ${migration.number}, expected ${index + 1}`);
  });
  const path = database.name;
  try {
    const from = schemaNumber(database);
    checkOwner(database, applicationId, from);
    if (from > migrations.length) {
      throw new AppError('store-newer', `The database ${path} was made by a newer version of this program (schema ${from}, this version knows ${migrations.length}). Install the newer version.`, { path, found: from, known: migrations.length });
    }
    for (const migration of migrations.slice(from)) {
      database.transaction(() => {
        if (typeof migration.up === 'string') database.exec(migration.up);
        else migration.up(database);
        // Both pragmas write the header page and so belong to the transaction.
        database.pragma(`user_version = ${migration.number}`);
        database.pragma(`application_id = ${applicationId}`);
      }).immediate();
    }
    return { from, to: migrations.length };
  } catch (error) {
    throw storeError(error, path);
  }
}

function checkOwner(database: SqliteDatabase, applicationId: number, from: number): void {
  const found = Number(database.pragma('application_id', { simple: true }));
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (found === applicationId || (from === 0 && found === 0 && tables === 0)) return;
  throw new AppError('store-corrupt', `${database.name} is not a database of this kind. Choose another folder, or set the file aside and start with an empty one.`, { path: database.name, found, expected: applicationId });
}
