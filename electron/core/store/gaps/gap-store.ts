import type { GapReason, LostRange, SequenceRange } from '#shared/domain/telemetry/sequence/index.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { migrate, openDatabase, quarantineDatabase, type Migration, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';

/** A gap in what a unit sent, as it is kept. */
export interface StoredGap extends LostRange {
  /** Epoch ms. */
  readonly givenUpAt: number;
}

/** Name of the database in the data folder. */
export const GAPS_FILE = 'gaps.db';
/** 'gaps' in ASCII. */
const APPLICATION_ID = 0x67617073;
/** Gaps kept over all units; the oldest go. */
const LIMIT = 200_000;

const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'gaps',
    up: `CREATE TABLE gap (
           id INTEGER PRIMARY KEY,
           device TEXT NOT NULL,
           boot INTEGER NOT NULL,
           first INTEGER NOT NULL,
           last INTEGER NOT NULL CHECK (last >= first),
           since INTEGER,
           noticed INTEGER NOT NULL,
           given_up INTEGER NOT NULL,
           reason TEXT NOT NULL
         ) STRICT;
         CREATE INDEX gap_device ON gap (device, boot, first);
         CREATE INDEX gap_given_up ON gap (given_up);`,
  },
];

interface Row {
  readonly id: number;
  readonly boot: number;
  readonly first: number;
  readonly last: number;
  readonly since: number | null;
  readonly noticed: number;
  readonly given_up: number;
  readonly reason: string;
}

const COLUMNS = 'id, boot, first, last, since, noticed, given_up, reason';

/**
 * Gaps that were given up, by unit: what history shows as missing. A database of its own, since it is small, written a few times a minute
 * at most, and can be found out again: one that is damaged is set aside.
 */
export class GapStore {
  readonly #database: SqliteDatabase;

  /** Opens or makes the database. Throws AppError store-full, store-locked, store-newer or store-unwritable. */
  constructor(path: string, clock: Clock) {
    this.#database = open(path, clock);
  }

  /** Gaps of a unit, ascending by boot and number; `limit` of the newest. */
  of(device: string, limit = LIMIT): StoredGap[] {
    const rows = this.#database.prepare<[string, number], Row>(`SELECT ${COLUMNS} FROM gap WHERE device = ? ORDER BY boot DESC, first DESC LIMIT ?`).all(device, limit);
    return rows.reverse().map(gapOf);
  }

  /** Notes gaps. Those noted before are to be left out. */
  add(device: string, ranges: readonly LostRange[], givenUpAt: number): void {
    const insert = this.#database.prepare('INSERT INTO gap (device, boot, first, last, since, noticed, given_up, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#database.transaction(() => {
      for (const { boot, from, to, since, noticedAt, reason } of ranges) insert.run(device, boot, from, to, since ?? null, noticedAt, givenUpAt, reason);
    })();
  }

  /** These messages have come in after all. */
  fill(device: string, ranges: readonly SequenceRange[]): void {
    const database = this.#database;
    const overlapping = database.prepare<[string, number, number, number], Row>(`SELECT ${COLUMNS} FROM gap WHERE device = ? AND boot = ? AND first <= ? AND last >= ?`);
    const remove = database.prepare('DELETE FROM gap WHERE id = ?');
    database.transaction(() => {
      for (const { boot, from, to } of ranges) {
        for (const row of overlapping.all(device, boot, to, from)) {
          remove.run(row.id);
          const gap = gapOf(row);
          if (row.first < from) this.add(device, [{ ...gap, to: from - 1 }], row.given_up);
          if (row.last > to) this.add(device, [{ ...gap, from: to + 1 }], row.given_up);
        }
      }
    })();
  }

  /** Drops gaps given up before `instant` (epoch ms) and what exceeds the bound. */
  drop(instant: number): void {
    this.#database.prepare('DELETE FROM gap WHERE given_up < ?').run(instant);
    this.#database.prepare('DELETE FROM gap WHERE id <= (SELECT id FROM gap ORDER BY id DESC LIMIT 1 OFFSET ?)').run(LIMIT);
  }

  close(): void {
    this.#database.close();
  }
}

function open(path: string, clock: Clock): SqliteDatabase {
  const attempt = (): SqliteDatabase => {
    const database = openDatabase(path, { synchronous: 'normal', check: 'quick', cacheKilobytes: 1000 });
    try {
      migrate(database, MIGRATIONS, APPLICATION_ID);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  try {
    return attempt();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'store-corrupt') throw error;
    quarantineDatabase(path, clock);
    return attempt();
  }
}

function gapOf({ boot, first, last, since, noticed, given_up, reason }: Row): StoredGap {
  return { boot, from: first, to: last, noticedAt: noticed, ...(since === null ? {} : { since }), givenUpAt: given_up, reason: reason as GapReason };
}
