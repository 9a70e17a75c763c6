import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../kernel/error.ts';
import { AppError } from '../../kernel/error.ts';
import { lockFolder } from './lock.ts';
import { migrate, schemaNumber, type Migration } from './migrate.ts';
import { openDatabase } from './open.ts';
import { quarantineDatabase } from './quarantine.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

function codeOf(run: () => unknown): ErrorCode | 'no error' {
  try {
    run();
    return 'no error';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const APPLICATION = 0x43430001;
const STEPS: readonly Migration[] = [
  { number: 1, name: 'first', up: 'CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' },
  { number: 2, name: 'second', up: (database) => database.exec("INSERT INTO a (text) VALUES ('hello')") },
];

describe('openDatabase', () => {
  test('sets WAL, full synchronous commits, 8 kB pages and foreign keys, and makes missing folders', () => {
    const database = openDatabase(join(folder, 'deep/er/x.db'));
    database.exec('CREATE TABLE t (a)');
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('page_size', { simple: true })).toBe(8192);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    database.close();
  });

  test('a reader sees what was committed and cannot write', () => {
    const path = join(folder, 'x.db');
    const writer = openDatabase(path, { synchronous: 'normal' });
    writer.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    const reader = openDatabase(path, { readonly: true });
    expect(reader.prepare('SELECT a FROM t').pluck().get()).toBe(1);
    expect(() => reader.exec('INSERT INTO t VALUES (2)')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  test('a file that is no database is store-corrupt and is left as it is', () => {
    const path = join(folder, 'x.db');
    writeFileSync(path, 'this is a text file, longer than a header');
    expect(codeOf(() => openDatabase(path))).toBe('store-corrupt');
    expect(readFileSync(path, 'utf8')).toMatch(/^this is a text file/);
  });

  test('a damaged page is found by the quick check', () => {
    const path = join(folder, 'x.db');
    const database = openDatabase(path);
    database.exec('CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)');
    const insert = database.prepare('INSERT INTO t VALUES (?)');
    for (let i = 0; i < 2000; i++) insert.run(`value number ${i}`);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 3 * 8192, 4 * 8192);
    writeFileSync(path, bytes);
    expect(codeOf(() => openDatabase(path, { check: 'quick' }))).toBe('store-corrupt');
  });

  test('a missing file for reading and a folder that is a file are store-unwritable', () => {
    expect(codeOf(() => openDatabase(join(folder, 'none.db'), { readonly: true }))).toBe('store-unwritable');
    writeFileSync(join(folder, 'file'), 'x');
    expect(codeOf(() => openDatabase(join(folder, 'file', 'x.db')))).toBe('store-unwritable');
  });
});

describe('migrate', () => {
  test('runs the missing steps once, in order', () => {
    const path = join(folder, 'x.db');
    let database = openDatabase(path);
    expect(migrate(database, STEPS.slice(0, 1), APPLICATION)).toEqual({ from: 0, to: 1 });
    database.close();
    database = openDatabase(path);
    expect(migrate(database, STEPS, APPLICATION)).toEqual({ from: 1, to: 2 });
    expect(migrate(database, STEPS, APPLICATION)).toEqual({ from: 2, to: 2 });
    expect(database.prepare('SELECT text FROM a').pluck().all()).toEqual(['hello']);
    database.close();
  });

  test('a step that fails is undone whole and the steps before it stay', () => {
    const database = openDatabase(join(folder, 'x.db'));
    const failing: Migration = { number: 3, name: 'fails', up: 'CREATE TABLE b (a); INSERT INTO nowhere VALUES (1)' };
    expect(() => migrate(database, [...STEPS, failing], APPLICATION)).toThrow(/nowhere/);
    expect(schemaNumber(database)).toBe(2);
    expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'b'").pluck().get()).toBe(0);
    database.close();
  });

  test('a database of a newer build is refused and not touched', () => {
    const path = join(folder, 'x.db');
    const database = openDatabase(path);
    migrate(database, STEPS, APPLICATION);
    expect(codeOf(() => migrate(database, STEPS.slice(0, 1), APPLICATION))).toBe('store-newer');
    expect(schemaNumber(database)).toBe(2);
    database.close();
  });

  test("another program's database is refused", () => {
    const database = openDatabase(join(folder, 'x.db'));
    database.exec('CREATE TABLE theirs (a)');
    expect(codeOf(() => migrate(database, STEPS, APPLICATION))).toBe('store-corrupt');
    database.close();
  });

  test('numbers with a gap are a programming error', () => {
    const database = openDatabase(':memory:');
    expect(() => migrate(database, [{ number: 2, name: 'x', up: '' }], APPLICATION)).toThrow(/expected 1/);
    database.close();
  });
});

describe('lockFolder', () => {
  test('a second instance is refused until the first releases', () => {
    const first = lockFolder(folder);
    expect(codeOf(() => lockFolder(folder))).toBe('store-locked');
    first.dispose();
    lockFolder(folder).dispose();
  });

  test('another process keeps it until it is killed, and nothing has to be cleared away', async () => {
    const script = `import { lockFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}; lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => undefined, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => other.once('exit', resolve));
    await new Promise((resolve) => other.stdout.once('data', resolve));
    expect(codeOf(() => lockFolder(folder))).toBe('store-locked');
    other.kill('SIGKILL');
    await ended;
    lockFolder(folder).dispose();
  });
});

describe('quarantineDatabase', () => {
  test('moves the file and its WAL aside, stamped', () => {
    const path = join(folder, 'x.db');
    writeFileSync(path, 'a');
    writeFileSync(`${path}-wal`, 'b');
    const moved = quarantineDatabase(path, { now: () => Date.UTC(2030, 0, 2, 3, 4, 5), monotonic: () => 0 });
    expect(moved).toBe(join(folder, 'quarantine', '2030-01-02T030405000Z-x.db'));
    expect(readFileSync(moved, 'utf8') + readFileSync(`${moved}-wal`, 'utf8')).toBe('ab');
  });
});
