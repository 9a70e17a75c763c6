export { sqliteCode, storeError } from './errors.ts';
export { LOCK_FILE, lockFolder } from './lock.ts';
export { migrate, schemaNumber, type Migration, type MigrationResult } from './migrate.ts';
export { openDatabase, type OpenOptions, type SqliteDatabase } from './open.ts';
export { quarantineDatabase } from './quarantine.ts';
