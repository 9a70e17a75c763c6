import { sql, type RawBuilder } from 'kysely';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { searchText } from '#shared/resources/normalise.ts';
import type { RowChange } from '#shared/sync/change.ts';
import { allRows, contains, sqlBuilder } from '#shared/store/sql.ts';

export interface AuditQuery {
  readonly nodeId: string;
  /** Entries before this sequence. */
  readonly before?: number | undefined;
  readonly limit: number;
  readonly userId?: string | undefined;
  /** Kinds that are wanted; `%` at the end stands for any rest. */
  readonly kinds?: readonly string[] | undefined;
  readonly resource?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** An entry with where it came from, as far as that is known. */
export interface StoredAudit {
  readonly sequence: number;
  readonly at: number;
  readonly kind: string;
  readonly userId: string;
  readonly subject: string;
  readonly reference: string;
  readonly payload: string | undefined;
  readonly digest: string;
  readonly hash: string;
  readonly address: string | undefined;
  readonly client: string | undefined;
}

function conditions(query: AuditQuery): RawBuilder<unknown>[] {
  const { before, userId, kinds, resource, from, to } = query;
  return [
    sql`a.node_id = ${query.nodeId}`,
    ...(before === undefined ? [] : [sql`a.sequence < ${before}`]),
    ...(userId === undefined ? [] : [sql`a.user_id = ${userId}`]),
    ...(kinds === undefined ? [] : [kinds.length === 0 ? sql`1 = 0` : sql`(${sql.join(kinds.map((kind) => sql`a.kind like ${kind}`), sql` or `)})`]),
    ...(resource === undefined ? [] : [sql`exists (select 1 from change_log as c where c.mutation_id = a.reference and c.resource = ${resource})`]),
    ...(from === undefined ? [] : [sql`a.at >= ${from}`]),
    ...(to === undefined ? [] : [sql`a.at < ${to}`]),
  ];
}

const text = (value: unknown): string | undefined => (value === null || value === undefined || value === '' ? undefined : String(value));

const COLUMNS = sql`a.sequence, a.at, a.kind, a.user_id, a.subject, a.reference, a.payload, a.digest, a.hash, s.address, s.client`;
const CHANGES = sql`, (select group_concat(c.row_id || ' ' || c.fields, ' ') from change_log as c where c.mutation_id = a.reference) as changed`;

function entriesOf(database: SqliteDatabase, query: AuditQuery, further = sql``): readonly Record<string, unknown>[] {
  return allRows(
    database,
    sql`select ${COLUMNS}${further} from audit as a left join mutation as m on a.reference <> '' and m.id = a.reference left join session as s on s.id = m.session_id
      where ${sql.join(conditions(query), sql` and `)} order by a.sequence desc limit ${query.limit}`.compile(sqlBuilder),
  );
}

function stored(row: Readonly<Record<string, unknown>>): StoredAudit {
  return {
    sequence: Number(row['sequence']),
    at: Number(row['at']),
    kind: String(row['kind']),
    userId: String(row['user_id']),
    subject: String(row['subject']),
    reference: String(row['reference']),
    payload: text(row['payload']),
    digest: String(row['digest']),
    hash: String(row['hash']),
    address: text(row['address']),
    client: text(row['client']),
  };
}

/** Entries that match, newest first. */
export function listAudit(database: SqliteDatabase, query: AuditQuery): readonly StoredAudit[] {
  return entriesOf(database, query).map(stored);
}

/** Ids of the users whose name or address holds the term. */
function usersNamed(database: SqliteDatabase, term: string): ReadonlySet<string> {
  const like = contains(term);
  return new Set(database.prepare<[string, string], string>("SELECT id FROM app_user WHERE email_norm LIKE ? ESCAPE '\\' OR name_norm LIKE ? ESCAPE '\\'").pluck().all(like, like));
}

/** Entries that match and hold the text, in any spelling (`searchText`), page by page and newest first: between two pages others may go first. Pages may be empty. */
export function* searchAudit(database: SqliteDatabase, query: Omit<AuditQuery, 'limit'>, search: string, page: number): Generator<readonly StoredAudit[]> {
  const term = searchText(search);
  const users = usersNamed(database, term);
  const holds = (value: unknown): boolean => typeof value === 'string' && searchText(value).includes(term);
  for (let before = query.before; ; ) {
    const rows = entriesOf(database, { ...query, before, limit: page }, CHANGES);
    yield rows.filter((row) => users.has(String(row['user_id'])) || holds(row['subject']) || holds(row['payload']) || holds(row['changed'])).map(stored);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    before = Number(last['sequence']);
  }
}

/** How many entries match. */
export function countAudit(database: SqliteDatabase, query: Omit<AuditQuery, 'limit' | 'before'>): number {
  const [row] = allRows(database, sql`select count(*) as total from audit as a where ${sql.join(conditions({ ...query, limit: 0 }), sql` and `)}`.compile(sqlBuilder));
  return Number(row?.['total']);
}

/** The rows that a mutation changed, in order; none once they are purged. */
export function changesOf(database: SqliteDatabase, mutationId: string): readonly Omit<RowChange, 'row'>[] {
  return database
    .prepare<[string], { resource: string; rowId: string; operation: RowChange['operation']; revision: number; fields: string }>(
      'SELECT resource, row_id AS rowId, operation, revision, fields FROM change_log WHERE mutation_id = ? ORDER BY sequence',
    )
    .all(mutationId)
    .map((row) => ({ ...row, fields: JSON.parse(row.fields) as RowChange['fields'] }));
}

/** The newest change of a row, from which a row that is gone is still named. */
export function lastChangeOf(database: SqliteDatabase, resource: string, rowId: string): RowChange['fields'] | undefined {
  const fields = database.prepare<[string, string], string>('SELECT fields FROM change_log WHERE resource = ? AND row_id = ? ORDER BY revision DESC, sequence DESC LIMIT 1').pluck().get(resource, rowId);
  return fields === undefined ? undefined : (JSON.parse(fields) as RowChange['fields']);
}

/** The last sequence of a node's audit chain; 0 for none. */
export function lastAuditSequence(database: SqliteDatabase, nodeId: string): number {
  return database.prepare<[string], number>('SELECT coalesce(max(sequence), 0) FROM audit WHERE node_id = ?').pluck().get(nodeId) ?? 0;
}
