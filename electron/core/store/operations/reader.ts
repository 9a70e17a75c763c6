import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { decodeRow, keyColumn } from '#shared/resources/columns.ts';
import { fieldOf, type Fields, type Resource, type RowOf } from '#shared/resources/define-resource.ts';
import { uniqueKey } from '#shared/resources/normalise.ts';
import { openDatabase, type SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import type { AuditEntry } from '#shared/sync/audit.ts';
import type { LoggedChange, RowChange } from '#shared/sync/change.ts';
import { findMutation, type AppliedMutation } from '#shared/store/change-log.ts';
import { chooseRows, distinctValues, listRows, rowsInScope, sortedIds, type ChoiceQuery, type ListedRow, type ListPage, type ListQuery } from './list.ts';
import { readAudit } from './local/audit.ts';
import type { AppliedThrough } from './local/index.ts';
import { readWallboards, type StoredWallboard } from './local/wallboards.ts';
import { allRows, columnNames, sqlBuilder } from '#shared/store/sql.ts';

export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  readonly address: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly endedAt: number | undefined;
}

export interface StoredCredential {
  readonly userId: string;
  /** Argon2id in PHC string format. */
  readonly hash: string;
  readonly changedAt: number;
  readonly lastSignInAt: number | undefined;
}

/** Reads committed rows over a connection of its own. Every answer is small; whole tables are read once, by the directory. */
export class OperationsReader {
  readonly database: SqliteDatabase;

  constructor(path: string) {
    // The fleet's directory is kept in memory: what is left to read are single rows and pages of lists.
    this.database = openDatabase(path, { readonly: true, cacheKilobytes: 4_000 });
  }

  close(): void {
    this.database.close();
  }

  get<F extends Fields>(resource: Resource<F>, id: string): RowOf<F> | undefined {
    return this.#one(resource, 'id', id);
  }

  /** The row with this unique value, compared in its normal form. */
  findUnique<F extends Fields>(resource: Resource<F>, key: keyof F & string, value: string): RowOf<F> | undefined {
    return this.#one(resource, keyColumn(resource, key), uniqueKey(fieldOf(resource, key).unique ?? 'exact', value));
  }

  #one<F extends Fields>(resource: Resource<F>, column: string, value: string): RowOf<F> | undefined {
    const [cells] = allRows(this.database, sqlBuilder.selectFrom(resource.table).select(columnNames(resource)).where(column, '=', value).limit(1).compile());
    return cells === undefined ? undefined : decodeRow(resource, cells);
  }

  /** Every row of a small resource (users, customers, locations, models), oldest id first. */
  all<F extends Fields>(resource: Resource<F>): readonly RowOf<F>[] {
    return allRows(this.database, sqlBuilder.selectFrom(resource.table).select(columnNames(resource)).orderBy('id').compile()).map((cells) => decodeRow(resource, cells));
  }

  /** Rows of a resource by id, after one: a large table is read page by page. */
  after<F extends Fields>(resource: Resource<F>, id: string, limit: number): readonly RowOf<F>[] {
    return allRows(this.database, sqlBuilder.selectFrom(resource.table).select(columnNames(resource)).where('id', '>', id).orderBy('id').limit(limit).compile()).map((cells) => decodeRow(resource, cells));
  }

  /** What was stored under a mutation's id; undefined for none. */
  appliedMutation(id: string): AppliedMutation | undefined {
    return findMutation(this.database, id);
  }

  /** One page of a resource, as a principal with this scope may see it. */
  list<F extends Fields>(resource: Resource<F>, scope: CustomerScope, query: ListQuery): ListPage<F> {
    return listRows(this.database, resource, scope, query);
  }

  /** Ids of every row that matches, sorted. */
  sortedIds(resource: Resource, scope: CustomerScope, query: Pick<ListQuery, 'filter' | 'range' | 'search' | 'sort'>): readonly string[] {
    return sortedIds(this.database, resource, scope, query);
  }

  /** The rows with these ids that are in scope. */
  inScope<F extends Fields>(resource: Resource<F>, scope: CustomerScope, ids: readonly string[]): readonly ListedRow<F>[] {
    return rowsInScope(this.database, resource, scope, ids);
  }

  /** Rows to choose from, by title. */
  choose<F extends Fields>(resource: Resource<F>, scope: CustomerScope, query: ChoiceQuery): readonly ListedRow<F>[] {
    return chooseRows(this.database, resource, scope, query);
  }

  /** Values that occur in a column. */
  distinct(resource: Resource, scope: CustomerScope, key: string, query: Pick<ChoiceQuery, 'search' | 'limit'>): readonly string[] {
    return distinctValues(this.database, resource, scope, key, query);
  }

  count(resource: Resource): number {
    const [cells] = allRows(this.database, sqlBuilder.selectFrom(resource.table).select(sqlBuilder.fn.countAll<number>().as('total')).compile());
    return Number(cells?.['total']);
  }

  /** The history of a row, newest first, from `before` (a sequence) down. */
  history(resource: Resource, rowId: string, options: { readonly before?: number; readonly limit: number }): readonly Omit<LoggedChange, 'row'>[] {
    const columns = ['sequence', 'mutation_id', 'operation', 'revision', 'fields', 'user_id', 'node_id', 'at'];
    let query = sqlBuilder.selectFrom('change_log').select(columns).where('resource', '=', resource.name).where('row_id', '=', rowId);
    if (options.before !== undefined) query = query.where('sequence', '<', options.before);
    return allRows(this.database, query.orderBy('sequence', 'desc').limit(options.limit).compile()).map((cells) => ({
      resource: resource.name,
      rowId,
      sequence: Number(cells['sequence']),
      mutationId: String(cells['mutation_id']),
      operation: cells['operation'] as RowChange['operation'],
      revision: Number(cells['revision']),
      fields: JSON.parse(String(cells['fields'])) as RowChange['fields'],
      userId: String(cells['user_id']),
      nodeId: String(cells['node_id']),
      at: Number(cells['at']),
    }));
  }

  /** Names of the mutations with these ids. */
  mutationNames(ids: readonly string[]): ReadonlyMap<string, string> {
    if (ids.length === 0) return new Map();
    const rows = allRows(this.database, sqlBuilder.selectFrom('mutation').select(['id', 'name']).where('id', 'in', [...new Set(ids)]).compile());
    return new Map(rows.map((cells) => [String(cells['id']), String(cells['name'])]));
  }

  /** Whether the mutation with this id has been applied. */
  isApplied(mutationId: string): boolean {
    return this.database.prepare('SELECT 1 FROM mutation WHERE id = ?').get(mutationId) !== undefined;
  }

  appliedThrough(consumer: string): AppliedThrough | undefined {
    return this.database.prepare<[string], AppliedThrough>('SELECT consumer, epoch, sequence FROM applied_through WHERE consumer = ?').get(consumer);
  }

  sessionByToken(tokenHash: string): StoredSession | undefined {
    const row = this.database
      .prepare<[string], Omit<StoredSession, 'endedAt'> & { endedAt: number | null }>(
        'SELECT id, user_id AS userId, address, created_at AS createdAt, used_at AS usedAt, ended_at AS endedAt FROM session WHERE token_hash = ?',
      )
      .get(tokenHash);
    return row === undefined ? undefined : { ...row, endedAt: row.endedAt ?? undefined };
  }

  /** Tokens of wallboards that were not revoked. */
  wallboards(): readonly StoredWallboard[] {
    return readWallboards(this.database);
  }

  /** When a session was opened, epoch ms. */
  sessionCreatedAt(sessionId: string): number | undefined {
    return this.database.prepare<[string], number>('SELECT created_at FROM session WHERE id = ?').pluck().get(sessionId);
  }

  credential(userId: string): StoredCredential | undefined {
    const row = this.database
      .prepare<[string], Omit<StoredCredential, 'lastSignInAt'> & { lastSignInAt: number | null }>(
        'SELECT user_id AS userId, hash, changed_at AS changedAt, last_sign_in_at AS lastSignInAt FROM credential WHERE user_id = ?',
      )
      .get(userId);
    return row === undefined ? undefined : { ...row, lastSignInAt: row.lastSignInAt ?? undefined };
  }

  /** The node's audit entries after `after`, oldest first. */
  audit(nodeId: string, options: { readonly after: number; readonly limit: number }): readonly AuditEntry[] {
    return readAudit(this.database, nodeId, options);
  }
}
