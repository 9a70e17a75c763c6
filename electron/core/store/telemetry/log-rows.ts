import { RecordDecoder, RecordError } from '#shared/domain/telemetry/codec/record.ts';
import type { RowSet } from '#shared/domain/telemetry/codec/chunk/row-set.ts';
import { sqliteCode, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { earlyRowChecksum, rowChecksum } from './row-checksum.ts';
import { EARLY_CHECKSUMS } from './schema.ts';
import type { Segment } from './segments.ts';

export interface LogRow {
  sequence: number;
  unit: number;
  time: number;
  device_offset: number | null;
  received_offset: number;
  boot: number;
  number: number;
  flags: number;
  back: number;
  checksum: number;
  record: Uint8Array;
}

export const LOG_COLUMNS = 'sequence, unit, time, device_offset, received_offset, boot, number, flags, back, checksum, record';

/** What a query may still visit; below 0: something was left out because of it. */
export interface Budget {
  rows: number;
}

/** Rows of the append log: by unit along their chain, checked and decoded. */
export class LogRows {
  readonly decoder = new RecordDecoder();
  readonly #database: SqliteDatabase;
  #earlyThrough: number | undefined;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Reads the row's record into the decoder; false where the row is damaged. */
  read(row: LogRow): boolean {
    // A flipped type byte makes a column another kind of value.
    if (!(row.record instanceof Uint8Array) || !this.#isSound(row)) return false;
    try {
      this.decoder.read(row.record);
      return true;
    } catch (error) {
      if (error instanceof RecordError) return false;
      throw error;
    }
  }

  #isSound(row: LogRow): boolean {
    if (row.checksum === rowChecksum(row, row.record)) return true;
    this.#earlyThrough ??= earlyChecksumsThrough(this.#database);
    return row.sequence <= this.#earlyThrough && row.checksum === earlyRowChecksum(row, row.record);
  }

  /**
   * Visits a unit's rows of the segments (newest segment first, each from its end) with an event time in the range. `tail`: the unit's
   * last sequence in the open segment. `skip` is asked with the greatest event time of a segment before it is read.
   */
  follow(segments: readonly Segment[], unit: number, tail: number, range: { readonly from: number; readonly to: number }, budget: Budget, visit: (row: LogRow) => void, skip: (timeTo: number) => boolean = () => false): void {
    const ends = this.#database.prepare<[number, number], { last_sequence: number; time_from: number; time_to: number }>('SELECT last_sequence, time_from, time_to FROM segment_unit WHERE unit = ? AND segment = ?');
    for (const segment of segments) {
      // A closed segment in which the unit has no entry holds nothing of it that is not sealed.
      const end = segment.closed ? ends.get(unit, segment.id) : { last_sequence: tail, time_from: -Infinity, time_to: Infinity };
      if (!end || end.time_to < range.from || end.time_from > range.to || skip(end.time_to)) continue;
      const rowOf = this.#database.prepare<[number], LogRow>(`SELECT ${LOG_COLUMNS} FROM log_${segment.id} WHERE sequence = ?`);
      let sequence = end.last_sequence;
      while (sequence >= segment.first) {
        const row = rowOf.get(sequence);
        if (!row || budget.rows-- <= 0) break;
        if (row.unit === unit && row.time >= range.from && row.time <= range.to) visit(row);
        if (row.back <= 0) break;
        sequence -= row.back;
      }
    }
  }

  /** Appends the row to the set, with its record; false where it is damaged. */
  append(row: LogRow, into: RowSet): boolean {
    if (!this.read(row)) return false;
    const { decoder } = this;
    into.begin(row.time, row.time + row.received_offset, row.device_offset === null ? Number.NaN : row.time + row.device_offset, row.boot, row.number, row.flags, row.sequence);
    for (let i = 0; i < decoder.count; i++) into.push(decoder.parameters[i] as number, decoder.values[i] as number);
    for (const { parameter, text } of decoder.texts) into.pushText(parameter, text);
    return true;
  }
}

/** The last sequence that may have a checksum of the first kind; 0: none, or that cannot be read. */
function earlyChecksumsThrough(database: SqliteDatabase): number {
  try {
    return Number(database.prepare<[string], string>('SELECT value FROM log_state WHERE key = ?').pluck().get(EARLY_CHECKSUMS) ?? 0) || 0;
  } catch (error) {
    // The row was damaged anyway, and the database is; whoever reads on meets it.
    if (sqliteCode(error) !== undefined) return 0;
    throw error;
  }
}
