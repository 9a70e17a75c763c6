import { bytesToHex } from '@noble/hashes/utils.js';
import { recordBound, RecordEncoder, type TextValue } from '#shared/domain/telemetry/codec/record.ts';
import type { Rng } from '#shared/kernel/ports.ts';
import type { Statement } from 'better-sqlite3';
import { migrate, openDatabase, storeError, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { ROW_FLAG, type Batch } from './batch.ts';
import type { Appended, Dropped, DropQuery } from './history-store.ts';
import { Sealer, type Quarantined, type SealCounts, type SealStep } from './sealer.ts';
import { telemetryError } from './damage.ts';
import type { DamagedChunk } from './integrity.ts';
import { packRaw } from './raw-batch.ts';
import { dropRawSegments, dropRollups, dropSegments, sweep } from './retention.ts';
import type { Rewritten, RewrittenRow } from './reads.ts';
import { RowRewriter } from './row-rewriter.ts';
import { rowChecksum, type CheckedRow } from './row-checksum.ts';
import { segmentTables, TELEMETRY_APPLICATION, TELEMETRY_MIGRATIONS } from './schema.ts';
import { HOUR, listSegments, needsNewSegment } from './segments.ts';
import { loadSnapshot, saveSnapshot, type Snapshot } from './snapshots.ts';
import { UnitIndex } from './unit-index.ts';

/** After so many messages the open segment's per-unit figures are written again: what a restart has to scan at most. */
const CHECKPOINT_EVERY = 250_000;

/** Of a segment without rows. */
const NO_TIMES = { receivedFrom: Infinity, receivedTo: -Infinity, timeFrom: Infinity, timeTo: -Infinity } as const;
const NO_TEXTS: readonly TextValue[] = [];

export interface StoredUnit {
  readonly number: number;
  readonly deviceId: string;
  readonly firstSeen: number;
}

export interface LogDeps {
  readonly rng: Rng;
  /** Epoch ms; stamps what is set aside. */
  readonly now?: () => number;
  /** Told at the named steps of sealing and dropping: a test ends the process there. */
  readonly onStep?: (step: SealStep) => void;
}

export interface AppendOptions {
  /** The commit has reached the disk when this returns: needed where an acknowledgement depends on it. */
  readonly durable: boolean;
  /** Units that occur in this batch for the first time. */
  readonly newUnits?: readonly StoredUnit[];
  /** Deflate the raw payloads; off while the writer is behind. */
  readonly compress?: boolean;
}

interface OpenSegment {
  readonly id: number;
  readonly hour: number;
  first: number;
  receivedFrom: number;
  receivedTo: number;
  timeFrom: number;
  timeTo: number;
  checkpoint: number;
}

/**
 * The writing side of the append log: one per database, synchronous, owned by the writer thread. Methods throw AppError store-full,
 * store-corrupt, store-locked or store-unwritable; after store-full nothing of the batch is stored and the call can be repeated.
 */
export class TelemetryLog {
  readonly epoch: string;
  readonly index = new UnitIndex();
  readonly #database: SqliteDatabase;
  readonly #path: string;
  readonly #encoder = new RecordEncoder();
  #record = new Uint8Array(4096);
  /** The row that is being written; one object for all. */
  readonly #row: { -readonly [K in keyof CheckedRow]: CheckedRow[K] } = { unit: 0, time: 0, device_offset: 0, received_offset: 0, boot: 0, number: 0, flags: 0, back: 0 };
  #next = 1;
  #segment: OpenSegment | undefined;
  #insert: Statement | undefined;
  #insertRaw: Statement | undefined;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #updateSegment: Statement;
  #durable: boolean | undefined;
  readonly #sealer: Sealer;
  readonly #onStep: ((step: SealStep) => void) | undefined;

  private constructor(database: SqliteDatabase, path: string, epoch: string, deps: LogDeps) {
    this.#onStep = deps.onStep;
    this.#sealer = new Sealer(database, { now: deps.now ?? (() => 0), ...(deps.onStep && { onStep: deps.onStep }) });
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#updateSegment = database.prepare('UPDATE segment SET last_sequence = ?, received_from = ?, received_to = ?, time_from = ?, time_to = ? WHERE id = ?');
    this.#database = database;
    this.#path = path;
    this.epoch = epoch;
  }

  /** Opens or makes the database and finds the end of the log. */
  static open(path: string, deps: LogDeps): TelemetryLog {
    const database = openDatabase(path, { synchronous: 'full', cacheKilobytes: 8_000 });
    try {
      migrate(database, TELEMETRY_MIGRATIONS, TELEMETRY_APPLICATION);
      // A WAL of 32 MB before it is folded in: fewer, longer sequential writes than SQLite's 1,000 pages.
      database.pragma('wal_autocheckpoint = 4000');
      database.prepare("INSERT INTO log_state (key, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING").run(bytesToHex(deps.rng.bytes(8)));
      const epoch = String(database.prepare("SELECT value FROM log_state WHERE key = 'epoch'").pluck().get());
      const log = new TelemetryLog(database, path, epoch, deps);
      log.#recover();
      return log;
    } catch (error) {
      database.close();
      throw telemetryError(error, path);
    }
  }

  /** The sequence of the last stored message, 0 in a new log. */
  get last(): number {
    return this.#next - 1;
  }

  units(): StoredUnit[] {
    return this.#database
      .prepare<[], { number: number; device_id: string; first_seen: number }>('SELECT number, device_id, first_seen FROM unit ORDER BY number')
      .all()
      .map((row) => ({ number: row.number, deviceId: row.device_id, firstSeen: row.first_seen }));
  }

  append(batch: Batch, options: AppendOptions): Appended {
    const first = this.#next;
    if (batch.count === 0) return { first, last: first - 1 };
    try {
      this.#sync(options.durable);
      this.#begin.run();
      this.#write(batch, options);
      this.#commit.run();
    } catch (error) {
      this.#undo();
      throw storeError(error, this.#path);
    }
    return { first, last: this.#next - 1 };
  }

  /** `synchronous` decides at commit whether the WAL is synced; it can be changed between transactions. */
  #sync(durable: boolean): void {
    if (durable !== this.#durable) this.#database.pragma(`synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    this.#durable = durable;
  }

  #write(batch: Batch, options: AppendOptions): void {
    const insertUnit = options.newUnits?.length ? this.#database.prepare('INSERT INTO unit (number, device_id, first_seen) VALUES (?, ?, ?) ON CONFLICT DO NOTHING') : undefined;
    for (const unit of options.newUnits ?? []) insertUnit?.run(unit.number, unit.deviceId, Math.round(unit.firstSeen));
    const segment = this.#segmentFor(batch);
    const insert = this.#insert;
    const { index } = this;
    const { count } = batch;
    const first = this.#next;
    const row = this.#row;
    const skipped = new Set<number>();
    let held = false;
    let sequence = first;
    for (let i = 0; i < count; i++) {
      const unit = batch.unit[i] as number;
      const time = Math.round(batch.time[i] as number);
      const received = Math.round(batch.received[i] as number);
      const deviceTime = batch.deviceTime[i] as number;
      const boot = batch.boot[i] as number;
      const number = batch.number[i] as number;
      const flags = batch.flags[i] as number;
      // Further rows of a message share the fate of its first.
      if ((flags & ROW_FLAG.continued) === 0) held = (flags & ROW_FLAG.unsure) !== 0 && (this.#holds(unit, boot, number) || this.#sealer.holds(unit, time, boot, number));
      if (held) {
        skipped.add(i);
        continue;
      }
      const record = this.#encode(batch, i);
      row.unit = unit;
      row.time = time;
      // A unit that gave no time is stored as NULL.
      row.device_offset = Number.isNaN(deviceTime) ? null : Math.round(deviceTime - time);
      row.received_offset = received - time;
      row.boot = boot;
      row.number = number;
      row.flags = flags;
      row.back = index.add(unit, sequence, time);
      insert?.run(sequence++, unit, time, row.device_offset, row.received_offset, boot, number, flags, row.back, rowChecksum(row, record), record);
      if (time < segment.timeFrom) segment.timeFrom = time;
      if (time > segment.timeTo) segment.timeTo = time;
      if (received < segment.receivedFrom) segment.receivedFrom = received;
      if (received > segment.receivedTo) segment.receivedTo = received;
    }
    this.#next = sequence;
    const raw = packRaw(batch, skipped, options.compress ?? true);
    if (raw) this.#insertRaw?.run(first, sequence - 1, raw.coding, raw.size, raw.data);
    this.#saveSegment(segment);
  }

  /** The row's record; a view that is valid until the next call. */
  #encode(batch: Batch, row: number): Uint8Array {
    const encoder = this.#encoder;
    const from = row === 0 ? 0 : (batch.valueEnd[row - 1] as number);
    const to = batch.valueEnd[row] as number;
    const { parameters, values } = batch;
    for (let i = from; i < to; i++) encoder.set(parameters[i] as number, values[i] as number);
    const texts = (batch.textEnd[row] as number) > (row === 0 ? 0 : (batch.textEnd[row - 1] as number)) ? batch.textsOf(row) : NO_TEXTS;
    for (const { parameter, text } of texts) encoder.setText(parameter, text);
    const bound = recordBound(1, to - from, texts);
    if (bound > this.#record.length) this.#record = new Uint8Array(bound * 2);
    return this.#record.subarray(0, encoder.write(this.#record, 0));
  }

  /** Whether the unit's log holds this message: follows its chain, through everything that has not been dropped. */
  #holds(unit: number, boot: number, number: number): boolean {
    let sequence = this.index.tail[unit] ?? 0;
    for (const segment of listSegments(this.#database).reverse()) {
      if (!segment.hasLog) break;
      const find = this.#database.prepare<[number], { back: number; boot: number; number: number }>(`SELECT back, boot, number FROM log_${segment.id} WHERE sequence = ?`);
      while (sequence >= segment.first) {
        const row = find.get(sequence);
        if (!row || (row.boot === boot && row.number === number)) return row !== undefined;
        if (row.back <= 0) return false;
        sequence -= row.back;
      }
    }
    return false;
  }

  #segmentFor(batch: Batch): OpenSegment {
    const received = batch.received[0] as number;
    const open = this.#segment;
    if (open && !needsNewSegment(open.hour, received)) return open;
    if (open) this.#close(open);
    const hour = Math.floor(received / HOUR);
    const id = Number(this.#database.prepare('SELECT coalesce(max(id), 0) + 1 FROM segment').pluck().get());
    const segment: OpenSegment = { id, hour, first: this.#next, ...NO_TIMES, checkpoint: this.#next - 1 };
    this.#database.exec(segmentTables(id));
    this.#database
      .prepare('INSERT INTO segment (id, hour, first_sequence, last_sequence, received_from, received_to, time_from, time_to) VALUES (?, ?, ?, ?, 0, 0, 0, 0)')
      .run(id, hour, segment.first, segment.first - 1);
    this.index.startSegment();
    this.#use(segment);
    return segment;
  }

  #use(segment: OpenSegment): void {
    this.#segment = segment;
    this.#insert = this.#database.prepare(
      `INSERT INTO log_${segment.id} (sequence, unit, time, device_offset, received_offset, boot, number, flags, back, checksum, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertRaw = this.#database.prepare(`INSERT INTO raw_${segment.id} (first_sequence, last_sequence, coding, size, data) VALUES (?, ?, ?, ?, ?)`);
  }

  #saveSegment(segment: OpenSegment): void {
    // Opened by a batch of which everything was stored before: it has no rows, and so no times.
    if (segment.receivedFrom === Infinity) return;
    this.#updateSegment.run(this.#next - 1, segment.receivedFrom, segment.receivedTo, segment.timeFrom, segment.timeTo, segment.id);
    if (this.#next - 1 - segment.checkpoint < CHECKPOINT_EVERY) return;
    segment.checkpoint = this.#next - 1;
    this.#database.prepare('UPDATE segment SET checkpoint_sequence = ?, checkpoint = ? WHERE id = ?').run(segment.checkpoint, this.index.checkpoint(), segment.id);
  }

  #close(segment: OpenSegment): void {
    const insert = this.#database.prepare('INSERT INTO segment_unit (unit, segment, last_sequence, messages, time_from, time_to) VALUES (?, ?, ?, ?, ?, ?)');
    const tail = this.#database.prepare('UPDATE unit SET tail = ? WHERE number = ?');
    const { index } = this;
    for (const unit of index.touched.sort((a, b) => a - b)) {
      insert.run(unit, segment.id, index.tail[unit], index.messages[unit], index.timeFrom[unit], index.timeTo[unit]);
      tail.run(index.tail[unit], unit);
    }
    this.#database.prepare('UPDATE segment SET closed = 1, checkpoint = NULL WHERE id = ?').run(segment.id);
  }

  /** Rolls back and reads the memory's picture from the database again: it may hold parts of what was undone. */
  #undo(): void {
    if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
    this.#encoder.clear();
    this.#recover();
  }

  #recover(): void {
    this.index.startSegment();
    this.index.tail.fill(0);
    this.#segment = undefined;
    this.#insert = undefined;
    this.#insertRaw = undefined;
    const units = this.#database.prepare<[], { number: number; tail: number }>('SELECT number, tail FROM unit').all();
    for (const { number, tail } of units) {
      if (number >= this.index.tail.length) this.index.reserve(number);
      this.index.tail[number] = tail;
    }
    const segments = listSegments(this.#database);
    const newest = segments.at(-1);
    const next = Number(this.#database.prepare("SELECT value FROM log_state WHERE key = 'next'").pluck().get() ?? 1);
    this.#next = newest ? Math.max(next, newest.last + 1) : next;
    if (!newest || newest.closed) return;
    const saved = this.#database.prepare<[number], { checkpoint_sequence: number; checkpoint: Uint8Array | null }>('SELECT checkpoint_sequence, checkpoint FROM segment WHERE id = ?').get(newest.id);
    const from = saved?.checkpoint ? saved.checkpoint_sequence : newest.first - 1;
    if (saved?.checkpoint) this.index.restore(saved.checkpoint);
    const rows = this.#database.prepare<[number], { sequence: number; unit: number; time: number }>(`SELECT sequence, unit, time FROM log_${newest.id} WHERE sequence > ? ORDER BY sequence`);
    for (const row of rows.iterate(from)) this.index.add(row.unit, row.sequence, row.time);
    const times = newest.last < newest.first ? NO_TIMES : { receivedFrom: newest.receivedFrom, receivedTo: newest.receivedTo, timeFrom: newest.timeFrom, timeTo: newest.timeTo };
    this.#use({ id: newest.id, hour: newest.hour, first: newest.first, ...times, checkpoint: from });
  }

  /** Drops closed segments that were received whole before an instant and that every consumer has applied. */
  drop(query: DropQuery): Dropped {
    return this.#guard(() => dropSegments(this.#database, query, this.#next));
  }

  /** Drops raw payloads of closed segments received before `before`; they are kept for less time than what was decoded. */
  dropRaw(before: number): number {
    return this.#guard(() => dropRawSegments(this.#database, before));
  }

  /** Sets until when roll-ups are kept. */
  dropRollups(before: number): void {
    this.#guard(() => dropRollups(this.#database, before));
  }

  /** Removes a slice of what was dropped; false: nothing is left. */
  sweep(): boolean {
    this.#sync(false);
    return this.#guard(() => sweep(this.#database, this.#onStep));
  }

  /** Puts other values into rows of a unit, in one transaction. Throws AppError store-full and store-corrupt; nothing is changed then. */
  rewrite(unit: number, rows: readonly RewrittenRow[]): Rewritten {
    this.#sync(true);
    return this.#guard(() => this.#database.transaction(() => new RowRewriter(this.#database).rewrite(unit, rows)).immediate());
  }

  /**
   * Seals what was received before `before`, for about `milliseconds`; the open segment too, when its hour was over by then. False:
   * nothing is left to do. Throws AppError store-full (nothing of the step is stored; it can be repeated) and store-corrupt.
   */
  sealStep(before: number, milliseconds: number, monotonic: () => number): boolean {
    // What is sealed is still in the log as far as the disk is concerned: both are in one WAL, in their order.
    this.#sync(false);
    return this.#guard(() => {
      const open = this.#segment;
      if (open && (open.hour + 1) * HOUR <= before && open.receivedTo < before) {
        this.#database.transaction(() => this.#close(open)).immediate();
        this.index.startSegment();
        this.#segment = undefined;
      }
      return this.#sealer.step(before, milliseconds, monotonic);
    });
  }

  /** Sets the first of some damaged chunks aside, for about `milliseconds`. Their hours are sealed again from the log where it still has them. */
  quarantineStep(chunks: readonly DamagedChunk[], milliseconds: number, monotonic: () => number): Quarantined {
    this.#sync(false);
    return this.#guard(() => this.#sealer.quarantine(chunks, milliseconds, monotonic));
  }

  /** Builds the indexes of tables anew from their rows. */
  reindex(tables: readonly string[]): void {
    this.#guard(() => {
      for (const table of tables) this.#database.exec(`REINDEX "${table.replaceAll('"', '""')}"`);
    });
  }

  /** What has been sealed since this log was opened. */
  get sealed(): Readonly<SealCounts> {
    return this.#sealer.counts;
  }

  /** Keeps a consumer's state as of `sequence`, so that a restart replays only what follows. */
  saveSnapshot(name: string, snapshot: Snapshot, taken: number): void {
    this.#guard(() => saveSnapshot(this.#database, name, snapshot, taken));
  }

  /** The snapshot, or undefined where there is none, it is damaged, or it is of a later point than the log. */
  loadSnapshot(name: string): Snapshot | undefined {
    return this.#guard(() => loadSnapshot(this.#database, name, this.last));
  }

  #guard<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw telemetryError(error, this.#path);
    }
  }

  /** Folds the WAL into the database file and cuts it to nothing. */
  checkpoint(): void {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#database.close();
  }
}
