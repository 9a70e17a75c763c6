import { ChunkEncoder, RowSet } from '#shared/domain/telemetry/codec/chunk/index.ts';
import { recordBound, RecordEncoder } from '#shared/domain/telemetry/codec/record.ts';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { ROW_FLAG } from './batch.ts';
import { ChunkTable, readChunk } from './chunk-table.ts';
import { LOG_COLUMNS, LogRows, type LogRow } from './log-rows.ts';
import { MinuteRollups } from './minute-rollups.ts';
import type { Rewritten, RewrittenRow } from './reads.ts';
import { rowChecksum } from './row-checksum.ts';
import { HOUR, listSegments } from './segments.ts';

/**
 * Puts other values into stored rows: those of their payloads read again with a corrected DBC file. Rows keep their heads and texts, and
 * are marked as rewritten; they are found in the log, among late rows, or in the chunks of their hour.
 */
export class RowRewriter {
  readonly #database: SqliteDatabase;
  readonly #log: LogRows;
  readonly #chunks: ChunkTable;
  readonly #minutes: MinuteRollups;
  readonly #encoder = new ChunkEncoder();
  readonly #record = new RecordEncoder();

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#log = new LogRows(database);
    this.#chunks = new ChunkTable(database);
    this.#minutes = new MinuteRollups(database);
  }

  /** To be called within a transaction. Throws what SQLite throws. */
  rewrite(unit: number, rows: readonly RewrittenRow[]): Rewritten {
    const wanted = new Map(rows.map((row) => [row.sequence, row]));
    this.#inLog(unit, wanted);
    this.#inTable('late', unit, wanted);
    this.#inChunks(unit, wanted);
    return { rewritten: rows.length - wanted.size, missing: wanted.size };
  }

  /** Rows of segments whose rows of this unit are not sealed; found ones leave `wanted`. */
  #inLog(unit: number, wanted: Map<number, RewrittenRow>): void {
    const entry = this.#database.prepare<[number, number], { found: number }>('SELECT 1 AS found FROM segment_unit WHERE unit = ? AND segment = ?');
    for (const segment of listSegments(this.#database)) {
      if (!segment.hasLog || (segment.closed && !entry.get(unit, segment.id))) continue;
      const within = new Map([...wanted].filter(([sequence]) => sequence >= segment.first && sequence <= (segment.closed ? segment.last : Infinity)));
      const before = new Set(within.keys());
      this.#inTable(`log_${segment.id}`, unit, within);
      for (const sequence of before) if (!within.has(sequence)) wanted.delete(sequence);
    }
  }

  #inTable(table: string, unit: number, wanted: Map<number, RewrittenRow>): void {
    if (wanted.size === 0) return;
    const read = this.#database.prepare<[number, number], LogRow>(`SELECT ${LOG_COLUMNS} FROM ${table} WHERE sequence = ? AND unit = ?`);
    const update = this.#database.prepare(`UPDATE ${table} SET flags = ?, checksum = ?, record = ? WHERE sequence = ?`);
    for (const [sequence, { parameters, values }] of wanted) {
      const row = read.get(sequence, unit);
      if (!row || !this.#log.read(row)) continue;
      const { texts } = this.#log.decoder;
      for (let i = 0; i < parameters.length; i++) this.#record.set(parameters[i] as number, values[i] as number);
      for (const { parameter, text } of texts) this.#record.setText(parameter, text);
      const bytes = new Uint8Array(recordBound(1, parameters.length, texts));
      const record = bytes.subarray(0, this.#record.write(bytes, 0));
      const flags = row.flags | ROW_FLAG.rewritten;
      update.run(flags, rowChecksum({ ...row, flags }, record), record, sequence);
      wanted.delete(sequence);
    }
  }

  #inChunks(unit: number, wanted: Map<number, RewrittenRow>): void {
    const touched = new Set<number>();
    for (const hour of new Set([...wanted.values()].map(({ time }) => Math.floor(time / HOUR)))) {
      for (const chunk of this.#chunks.of(unit, hour)) {
        const rows = new RowSet();
        if (!readChunk(chunk, rows)) continue;
        const changed = replaced(rows, wanted);
        if (!changed) continue;
        this.#chunks.delete(chunk.id);
        this.#chunks.write(this.#encoder, unit, hour, changed, changed.order());
        touched.add(hour);
      }
    }
    for (const hour of touched) this.#sumUp(unit, hour);
  }

  /** Makes the one-minute figures of an hour anew: those that are stored are of the former values. */
  #sumUp(unit: number, hour: number): void {
    const rows = new RowSet();
    for (const chunk of this.#chunks.of(unit, hour)) readChunk(chunk, rows);
    this.#minutes.write(unit, hour, rows, rows.order());
  }
}

/** The rows with the wanted ones' values in place of theirs; those leave `wanted`. Undefined: none of them is there. */
function replaced(rows: RowSet, wanted: Map<number, RewrittenRow>): RowSet | undefined {
  let found = false;
  const out = new RowSet();
  for (let row = 0; row < rows.count; row++) {
    const sequence = rows.sequence[row] as number;
    const other = wanted.get(sequence);
    if (!other) {
      out.copy(rows, row);
      continue;
    }
    found = true;
    wanted.delete(sequence);
    const flags = (rows.flags[row] as number) | ROW_FLAG.rewritten;
    out.begin(rows.time[row] as number, rows.received[row] as number, rows.deviceTime[row] as number, rows.boot[row] as number, rows.number[row] as number, flags, sequence);
    for (let i = 0; i < other.parameters.length; i++) out.push(other.parameters[i] as number, other.values[i] as number);
    for (const { parameter, text } of rows.textsOf(row)) out.pushText(parameter, text);
  }
  return found ? out : undefined;
}
