import type { AppErrorData } from '#shared/kernel/error.ts';
import { storeError, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { prepared } from '#shared/store/prepared.ts';
import type { SqliteRowStore } from '#shared/store/row-store.ts';
import type { MutationRecord } from '#shared/sync/mutation.ts';
import type { RowImage } from '#shared/sync/replication/protocol.ts';
import type { AttentionEntry, BaseRow, OutboxEntry, ReplicaTx, Touched } from '#shared/sync/replication/replica-ports.ts';

interface OutboxCells {
  readonly number: number;
  readonly state: string;
  readonly sequence: number | null;
  readonly touched: string;
  readonly error: string | null;
  readonly basedOn: string;
  readonly id: string;
  readonly name: string;
  readonly args: string;
  readonly userId: string;
  readonly nodeId: string;
  readonly at: number;
}

/** The tables of a replica over the writer's connection, inside the transaction that is open. */
export class SqliteReplicaTx implements ReplicaTx {
  readonly rows: SqliteRowStore;
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase, rows: SqliteRowStore) {
    this.#database = database;
    this.rows = rows;
  }

  async savepoint<T>(run: () => Promise<T>): Promise<T> {
    prepared(this.#database, 'SAVEPOINT replica').run();
    try {
      const value = await run();
      prepared(this.#database, 'RELEASE replica').run();
      return value;
    } catch (error) {
      const reason = storeError(error, this.#database.name);
      if (!this.#database.inTransaction || reason !== error) throw reason;
      this.#database.exec('ROLLBACK TO replica; RELEASE replica');
      throw error;
    }
  }

  async state(key: string): Promise<string | undefined> {
    return prepared<[string], { value: string }>(this.#database, 'SELECT value FROM sync_state WHERE key = ?').get(key)?.value;
  }

  async setState(key: string, value: string | undefined): Promise<void> {
    if (value === undefined) prepared(this.#database, 'DELETE FROM sync_state WHERE key = ?').run(key);
    else prepared(this.#database, 'INSERT INTO sync_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
  }

  async outbox(): Promise<readonly OutboxEntry[]> {
    return prepared<[], OutboxCells>(
      this.#database,
      `SELECT o.number, o.state, o.sequence, o.touched, o.error, o.based_on AS basedOn, m.id, m.name, m.args, m.user_id AS userId, m.node_id AS nodeId, m.at
       FROM outbox o JOIN mutation m ON m.id = o.mutation_id ORDER BY o.number`,
    ).all().map(entryOf);
  }

  async addOutbox({ record, state, touched }: Omit<OutboxEntry, 'number'>): Promise<number> {
    const { lastInsertRowid } = prepared(this.#database, 'INSERT INTO outbox (mutation_id, state, touched, based_on) VALUES (?, ?, ?, ?)').run(record.id, state, JSON.stringify(touched), JSON.stringify(record.basedOn));
    return Number(lastInsertRowid);
  }

  async updateOutbox({ number, state, sequence, touched, error }: OutboxEntry): Promise<void> {
    prepared(this.#database, 'UPDATE outbox SET state = ?, sequence = ?, touched = ?, error = ? WHERE number = ?').run(state, sequence ?? null, JSON.stringify(touched), error === undefined ? null : JSON.stringify(error), number);
  }

  async removeOutbox(number: number): Promise<void> {
    prepared(this.#database, 'DELETE FROM outbox WHERE number = ?').run(number);
  }

  async base(resource: string, id: string): Promise<BaseRow | undefined> {
    const found = prepared<[string, string], { row: string | null }>(this.#database, 'SELECT row FROM sync_base WHERE resource = ? AND row_id = ?').get(resource, id);
    if (found === undefined) return undefined;
    return { row: found.row === null ? undefined : (JSON.parse(found.row) as RowImage) };
  }

  async putBase(resource: string, id: string, { row }: BaseRow): Promise<void> {
    prepared(this.#database, 'INSERT INTO sync_base (resource, row_id, row) VALUES (?, ?, ?) ON CONFLICT (resource, row_id) DO UPDATE SET row = excluded.row').run(resource, id, row === undefined ? null : JSON.stringify(row));
  }

  async removeBase(resource: string, id: string): Promise<void> {
    prepared(this.#database, 'DELETE FROM sync_base WHERE resource = ? AND row_id = ?').run(resource, id);
  }

  async idsBetween(resource: Resource, after: string | undefined, through: string | undefined): Promise<readonly string[]> {
    const from = after ?? '';
    // Ids are UUIDs: nothing comes after a tilde.
    const to = through ?? '~';
    return prepared<[string, string, string, string, string], { id: string }>(
      this.#database,
      `SELECT id FROM ${resource.table} WHERE id > ? AND id <= ? UNION SELECT row_id FROM sync_base WHERE resource = ? AND row_id > ? AND row_id <= ? ORDER BY 1`,
    ).all(from, to, resource.name, from, to).map(({ id }) => id);
  }

  async addAttention({ mutationId, at, userId, error, mine, theirs }: AttentionEntry): Promise<void> {
    prepared(this.#database, 'INSERT INTO needs_attention (mutation_id, at, user_id, error, mine, theirs) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (mutation_id) DO NOTHING')
      .run(mutationId, at, userId, JSON.stringify(error), JSON.stringify(mine), JSON.stringify(theirs));
  }
}

function entryOf(cells: OutboxCells): OutboxEntry {
  const { number, state, sequence, touched, error, basedOn, id, name, args, userId, nodeId, at } = cells;
  return {
    number,
    record: { id, name, args: JSON.parse(args) as unknown, userId, nodeId, at, basedOn: JSON.parse(basedOn) as MutationRecord['basedOn'] },
    state: state === 'accepted' ? 'accepted' : 'pending',
    ...(sequence === null ? {} : { sequence }),
    touched: JSON.parse(touched) as Touched,
    ...(error === null ? {} : { error: JSON.parse(error) as AppErrorData }),
  };
}
