import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { DELIVERY } from '#shared/domain/telemetry/envelope/index.ts';
import { createProcessor, UnitContext, type DecodedMessage, type Processor, type ResolveBus } from '#shared/domain/telemetry/processor/index.ts';
import { inflateRaw } from '#shared/platform-node/inflate.ts';
import { createStorageTable, secondOf, StoredValues } from '../ingest/stored-values.ts';
import type { ReceivedMessage, ReceivedPage } from '../ingest/history-queries.ts';
import type { IngestUnit } from '../ingest/unit-registry.ts';
import { ROW_FLAG } from '../store/telemetry/batch.ts';
import type { RowCursor, RowPage, RowQuery, Rewritten, RewrittenRow, StoredRow } from '../store/telemetry/reads.ts';

/** What a run needs of the history of units. */
export interface RawHistory {
  raw(query: { readonly unitId: string; readonly from: number; readonly to: number; readonly limit: number; readonly after?: RowCursor }): Promise<ReceivedPage>;
  rows(query: Omit<RowQuery, 'unit'> & { readonly unitId: string }): Promise<RowPage>;
  rewrite(unitId: string, rows: readonly RewrittenRow[]): Promise<Rewritten>;
}

export interface DecodingChange {
  readonly parameter: number;
  changed: number;
  removed: number;
  added: number;
  readonly examples: { time: number; before?: number; after?: number }[];
}

export interface UnitRange {
  readonly unit: Pick<IngestUnit, 'unitId' | 'deviceId' | 'context'>;
  readonly from: number;
  readonly to: number;
}

/** Messages of one page. */
const PAGE = 400;
/** Rows handed to the writer at once: the next batch of live data waits for them. */
const WRITTEN = 200;
const EXAMPLES = 3;
/** Values closer than this are the same, relative to their size. */
const SAME = 1e-9;
const UNIT = 1;

/** A stored row with the values its payload gives now. */
interface Redecoded {
  readonly row: StoredRow;
  readonly values: ReadonlyMap<number, number>;
}

/**
 * Decodes the CAN messages of a unit again. `compare` tells what would change, `apply` stores it: values of changed parameters are chosen
 * by dead-band and period as at first, all others stay as they are. Values that do not come from CAN frames are never touched.
 */
export class Redecoding {
  readonly changes = new Map<number, DecodingChange>();
  records = 0;
  missing = 0;
  rewritten = 0;
  readonly #history: RawHistory;
  readonly #catalogue: ParameterCatalogue;
  readonly #processor: Processor;
  /** Parameters that were stored before, in rows of CAN messages. */
  readonly #known = new Set<number>();

  constructor(history: RawHistory, catalogue: ParameterCatalogue, resolveBus: ResolveBus) {
    this.#history = history;
    this.#catalogue = catalogue;
    this.#processor = createProcessor({ catalogue, resolveBus, inflate: inflateRaw });
  }

  /** Reads a unit's range and notes what changes. `progress` is told the time reached; it returns true to stop. */
  async compare(range: UnitRange, progress: (time: number) => boolean): Promise<void> {
    for await (const { rows, missing } of this.#read(range)) {
      this.missing += missing;
      for (const { row, values } of rows) this.#compareRow(row, values);
      if (rows.length > 0 && progress(rows.at(-1)?.row.time ?? range.from)) return;
    }
  }

  /** Parameters whose stored values change, by what `compare` found: also those that are new. */
  affected(): Set<number> {
    for (const [parameter, change] of this.changes) {
      // That a parameter is in a row where it was not stored before is its dead-band's doing, unless it was never stored.
      if (change.added > 0 && this.#known.has(parameter)) {
        change.added = 0;
        change.examples.splice(0, Infinity, ...change.examples.filter(({ before }) => before !== undefined));
      }
      if (change.changed + change.removed + change.added === 0) this.changes.delete(parameter);
    }
    return new Set(this.changes.keys());
  }

  /** Stores other values for the affected parameters of a unit's range. */
  async apply(range: UnitRange, affected: ReadonlySet<number>, progress: (time: number) => boolean): Promise<void> {
    const stored = new StoredValues(createStorageTable(this.#catalogue));
    let waiting: RewrittenRow[] = [];
    const write = async (): Promise<void> => {
      if (waiting.length === 0) return;
      const { rewritten } = await this.#history.rewrite(range.unit.unitId, waiting);
      this.rewritten += rewritten;
      waiting = [];
    };
    for await (const { rows } of this.#read(range)) {
      for (const { row, values } of rows) {
        const chosen = choose(stored, row, values, affected);
        if (chosen) waiting.push(chosen);
        if (waiting.length >= WRITTEN) await write();
      }
      await write();
      if (rows.length > 0 && progress(rows.at(-1)?.row.time ?? range.from)) return;
    }
  }

  async *#read({ unit, from, to }: UnitRange): AsyncGenerator<{ readonly rows: readonly Redecoded[]; readonly missing: number }> {
    const context = new UnitContext({ deviceId: unit.deviceId, profile: unit.context.profile, ...(unit.context.model === undefined ? {} : { model: unit.context.model }) });
    context.meta = unit.context.meta;
    let after: RowCursor | undefined;
    do {
      const page: ReceivedPage = await this.#history.raw({ unitId: unit.unitId, from, to, limit: PAGE, ...(after ? { after } : {}) });
      const can = page.messages.filter(({ suffix }) => suffix === 'can' || suffix === 'wican-can');
      const rows = await this.#storedRows(unit.unitId, can);
      const decoded: Redecoded[] = [];
      for (const message of can) {
        const own = rows.get(message.sequence);
        if (!own) continue;
        this.records++;
        const told = this.#processor.process(context, message.suffix, message.payload, message.received, DELIVERY.replay, message.detail);
        if (told.kind !== 'rejected') decoded.push(...matched(own, told));
      }
      yield { rows: decoded, missing: page.missing };
      after = page.next;
    } while (after);
  }

  /** The stored rows of some messages, by the sequence of each message's first. */
  async #storedRows(unitId: string, messages: readonly ReceivedMessage[]): Promise<Map<number, StoredRow[]>> {
    const [first, last] = [messages[0], messages.at(-1)];
    const found = new Map<number, StoredRow[]>();
    if (!first || !last) return found;
    const byPlace = new Map<number, StoredRow>();
    let after: RowCursor | undefined;
    do {
      // A message's further rows are later than its first, by a batch's length at most.
      const page: RowPage = await this.#history.rows({ unitId, from: first.time, to: last.time + 60_000, limit: PAGE * 2, ...(after ? { after } : {}) });
      for (const row of page.rows) byPlace.set(row.sequence, row);
      after = page.next;
    } while (after);
    for (const message of messages) {
      const rows: StoredRow[] = [];
      for (let place = message.sequence; ; place++) {
        const row = byPlace.get(place);
        // Units that number nothing give the same number twice: a message ends where a row does not continue it.
        const own = row && (place === message.sequence || (row.flags & ROW_FLAG.continued) !== 0);
        if (!own || row.number !== message.number || row.boot !== message.boot) break;
        rows.push(row);
      }
      if (rows.length > 0) found.set(message.sequence, rows);
    }
    return found;
  }

  #compareRow(row: StoredRow, values: ReadonlyMap<number, number>): void {
    const before = new Set<number>();
    for (let i = 0; i < row.parameters.length; i++) {
      const parameter = row.parameters[i] as number;
      const value = row.values[i] as number;
      before.add(parameter);
      this.#known.add(parameter);
      const now = values.get(parameter);
      if (now === undefined) this.#note(parameter, 'removed', { time: row.time, before: value });
      else if (!same(value, now)) this.#note(parameter, 'changed', { time: row.time, before: value, after: now });
    }
    for (const [parameter, value] of values) if (!before.has(parameter) && !this.#known.has(parameter)) this.#note(parameter, 'added', { time: row.time, after: value });
  }

  #note(parameter: number, kind: 'changed' | 'removed' | 'added', example: DecodingChange['examples'][number]): void {
    let change = this.changes.get(parameter);
    if (!change) this.changes.set(parameter, (change = { parameter, changed: 0, removed: 0, added: 0, examples: [] }));
    change[kind]++;
    if (change.examples.length < EXAMPLES) change.examples.push(example);
  }
}

function same(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b)) || (Number.isNaN(a) && Number.isNaN(b));
}

/** Gives each row of a message its values: the decoded rows go to the stored ones nearest in time, counted from the message's end. */
function matched(rows: readonly StoredRow[], message: DecodedMessage): Redecoded[] {
  const values = rows.map(() => new Map<number, number>());
  const end = rows.at(-1)?.time ?? 0;
  for (let r = 0; r < message.rowCount; r++) {
    const time = end + ((message.rowTime[r] as number) - message.eventTime);
    let nearest = 0;
    rows.forEach((row, i) => {
      if (Math.abs(row.time - time) < Math.abs((rows[nearest]?.time ?? 0) - time)) nearest = i;
    });
    for (let i = message.rowStart[r] as number; i < (message.rowStart[r + 1] as number); i++) values[nearest]?.set(message.parameters[i] as number, message.values[i] as number);
  }
  return rows.map((row, i) => ({ row, values: values[i] ?? new Map<number, number>() }));
}

/** The row with the affected parameters' values in place of its own; undefined where nothing changes. */
function choose(stored: StoredValues, row: StoredRow, values: ReadonlyMap<number, number>, affected: ReadonlySet<number>): RewrittenRow | undefined {
  const current = stored.begin(UNIT, row.time);
  const second = secondOf(row.time);
  const parameters: number[] = [];
  const chosen: number[] = [];
  let differs = false;
  for (let i = 0; i < row.parameters.length; i++) {
    const parameter = row.parameters[i] as number;
    if (affected.has(parameter)) differs = true;
    else {
      parameters.push(parameter);
      chosen.push(row.values[i] as number);
    }
  }
  for (const parameter of affected) {
    const value = values.get(parameter);
    if (value === undefined || (current && !stored.accept(UNIT, parameter, value, second))) continue;
    differs = true;
    parameters.push(parameter);
    chosen.push(value);
  }
  return differs ? { sequence: row.sequence, time: row.time, parameters: Uint16Array.from(parameters), values: Float64Array.from(chosen) } : undefined;
}
