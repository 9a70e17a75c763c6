import type { Fields, Resource, RowOf } from '#shared/resources/define-resource.ts';
import type { AcceptedEntry, AuthorityTx, FeedEntry, FeedRange, LeftEntry, RejectedEntry, StoredOutcome } from '#shared/sync/replication/ports.ts';
import type { PushOutcome } from '#shared/sync/replication/protocol.ts';
import type { RowStore } from '#shared/sync/tx.ts';
import { appendMutationLink, appendServerAudit } from './audit.ts';
import { getState, setState } from './server-tables.ts';
import { firstRow, type Sql, type SqlValue } from './sql.ts';

/** What a transaction of the server gives: the port of sync, and SQL for the accounts. */
export interface ServerTx extends AuthorityTx {
  readonly sql: Sql;
}

interface FeedCells {
  readonly sequence: number;
  readonly resource: string;
  readonly rowId: string;
  readonly audience: string;
  readonly deleted: number;
}

const FEED_COLUMNS = 'sequence, resource, row_id AS "rowId", audience, deleted';
const PLACE = 'ORDER BY sequence, resource, row_id';

/** The transaction of one connection. `nodeId` names the server in its audit chain. */
export function serverTx(sql: Sql, rows: RowStore, nodeId: string): ServerTx {
  const head = async (): Promise<number> => Number((await getState(sql, 'head')) ?? 0);
  let savepoints = 0;
  return {
    sql,
    rows,
    head,
    epoch: async () => (await getState(sql, 'epoch')) ?? '',
    async getMany<F extends Fields>(resource: Resource<F>, ids: readonly string[]) {
      const found = new Map<string, RowOf<F>>();
      for (const id of ids) {
        const row = await rows.get(resource, id);
        if (row !== undefined) found.set(id, row);
      }
      return found;
    },
    async feedEntry(resource, rowId) {
      const cells = await firstRow<FeedCells>(sql, `SELECT ${FEED_COLUMNS} FROM feed WHERE resource = ? AND row_id = ?`, [resource, rowId]);
      return cells === undefined ? undefined : entryOf(cells);
    },
    async feed(range) {
      const { where, parameters } = rangeOf(range);
      return (await sql.all<FeedCells>(`SELECT ${FEED_COLUMNS} FROM feed WHERE ${where} ${PLACE} LIMIT ?`, [...parameters, range.limit])).map(entryOf);
    },
    async left(range) {
      const { where, parameters } = rangeOf(range);
      return sql.all<LeftEntry>(`SELECT sequence, resource, row_id AS "rowId", audience FROM feed_left WHERE ${where} ${PLACE} LIMIT ?`, [...parameters, range.limit]);
    },
    async feedOfResource(resource, afterId, limit, audiences) {
      const seen = audienceTest(audiences);
      const cells = await sql.all<FeedCells>(`SELECT ${FEED_COLUMNS} FROM feed WHERE resource = ? AND deleted = 0 AND row_id > ?${seen.test} ORDER BY row_id LIMIT ?`, [resource, afterId ?? '', ...seen.parameters, limit]);
      return cells.map(entryOf);
    },
    acceptedOf: (ofNode, after, limit) => sql.all('SELECT id, sequence FROM sync_outcome WHERE node_id = ? AND sequence > ? ORDER BY sequence LIMIT ?', [ofNode, after, limit]),
    async outcome(id) {
      const cells = await firstRow<{ name: string; args: string; userId: string; nodeId: string; outcome: string }>(sql, 'SELECT name, args, user_id AS "userId", node_id AS "nodeId", outcome FROM sync_outcome WHERE id = ?', [id]);
      if (cells === undefined) return undefined;
      const stored: StoredOutcome = { record: { id, name: cells.name, args: JSON.parse(cells.args) as unknown, userId: cells.userId, nodeId: cells.nodeId }, outcome: JSON.parse(cells.outcome) as PushOutcome };
      return stored;
    },
    async fieldsChangedByOthers(resource, id, revision, exceptNode) {
      const found = await sql.all<{ fields: string }>('SELECT fields FROM change_log WHERE resource = ? AND row_id = ? AND revision > ? AND node_id <> ?', [resource.name, id, revision, exceptNode]);
      return found.flatMap(({ fields }) => Object.keys(JSON.parse(fields) as object));
    },
    async savepoint(run) {
      const name = `inner_${++savepoints}`;
      await sql.run(`SAVEPOINT ${name}`);
      try {
        const result = await run();
        await sql.run(`RELEASE SAVEPOINT ${name}`);
        return result;
      } catch (error) {
        await sql.run(`ROLLBACK TO SAVEPOINT ${name}`);
        await sql.run(`RELEASE SAVEPOINT ${name}`);
        throw error;
      } finally {
        savepoints--;
      }
    },
    async nextSequence() {
      const next = (await head()) + 1;
      await setState(sql, 'head', String(next));
      return next;
    },
    accept: (entry) => accept(sql, nodeId, entry),
    reject: (entry) => reject(sql, nodeId, entry),
    async putFeed(entries) {
      for (const entry of entries) {
        await sql.run(
          'INSERT INTO feed (resource, row_id, sequence, audience, deleted) VALUES (?, ?, ?, ?, ?) ON CONFLICT (resource, row_id) DO UPDATE SET sequence = excluded.sequence, audience = excluded.audience, deleted = excluded.deleted',
          [entry.resource, entry.rowId, entry.sequence, entry.audience, entry.deleted ? 1 : 0],
        );
      }
    },
    async putLeft(entries) {
      for (const entry of entries) {
        await sql.run('INSERT INTO feed_left (resource, row_id, audience, sequence) VALUES (?, ?, ?, ?) ON CONFLICT (resource, row_id, audience) DO UPDATE SET sequence = excluded.sequence', [entry.resource, entry.rowId, entry.audience, entry.sequence]);
      }
    },
  };
}

const entryOf = ({ deleted, ...entry }: FeedCells): FeedEntry => ({ ...entry, deleted: deleted === 1 });

function audienceTest(audiences: FeedRange['audiences']): { readonly test: string; readonly parameters: readonly SqlValue[] } {
  if (audiences === 'every') return { test: '', parameters: [] };
  return { test: ` AND audience IN (${audiences.map(() => '?').join(', ')})`, parameters: audiences };
}

function rangeOf({ after, through, audiences }: FeedRange): { readonly where: string; readonly parameters: readonly SqlValue[] } {
  const seen = audienceTest(audiences);
  return { where: `sequence > ? AND sequence <= ?${seen.test}`, parameters: [after, through ?? Number.MAX_SAFE_INTEGER, ...seen.parameters] };
}

async function storeOutcome(sql: Sql, entry: Pick<RejectedEntry, 'record' | 'receivedAt' | 'sessionId'>, outcome: PushOutcome): Promise<void> {
  const { record } = entry;
  const sequence = outcome.outcome === 'accepted' ? outcome.sequence : null;
  await sql.run('INSERT INTO sync_outcome (id, name, args, user_id, node_id, sequence, outcome, received_at, session_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    record.id, record.name, JSON.stringify(record.args ?? {}), record.userId, record.nodeId, sequence, JSON.stringify(outcome), entry.receivedAt, entry.sessionId,
  ]);
}

async function accept(sql: Sql, nodeId: string, entry: AcceptedEntry): Promise<void> {
  const { record, at, sequence, result, changes, sessionId } = entry;
  await storeOutcome(sql, entry, { id: record.id, outcome: 'accepted', sequence, result });
  await sql.run('INSERT INTO mutation (id, name, args, user_id, node_id, at, based_on, result, session_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    record.id, record.name, JSON.stringify(record.args ?? {}), record.userId, record.nodeId, at, JSON.stringify(record.basedOn), JSON.stringify(result) ?? '', sessionId === '' ? null : sessionId,
  ]);
  for (const change of changes) {
    await sql.run('INSERT INTO change_log (mutation_id, resource, row_id, operation, revision, fields, user_id, node_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      record.id, change.resource, change.rowId, change.operation, change.revision, JSON.stringify(change.fields), record.userId, record.nodeId, at,
    ]);
  }
  if (!entry.audited) return;
  const text = changes.map((change) => `{"operation":"${change.operation}","resource":"${change.resource}","rowId":"${change.rowId}","revision":${change.revision},"fields":${JSON.stringify(change.fields)}}`).join(',');
  await appendMutationLink(sql, nodeId, { at: entry.receivedAt, userId: record.userId, subject: record.name, mutationId: record.id, changes: `[${text}]` });
}

async function reject(sql: Sql, nodeId: string, entry: RejectedEntry): Promise<void> {
  const { record, receivedAt, outcome } = entry;
  await storeOutcome(sql, entry, outcome);
  const { code, message } = outcome.error;
  if (code !== 'forbidden' && code !== 'refused') return;
  await appendServerAudit(sql, nodeId, { at: receivedAt, kind: 'mutation-refused', userId: record.userId, subject: record.name, payload: { mutationId: record.id, nodeId: record.nodeId, code, message } });
}
