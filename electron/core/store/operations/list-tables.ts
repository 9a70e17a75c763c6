import { sql, type RawBuilder } from 'kysely';
import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { hasNorm, normColumn, snake, sortColumn } from '#shared/resources/columns.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { RESOURCES, resourceNamed } from '#shared/resources/registry.ts';
import { aliasOf, column, fromClause, linked, linkOf, MAIN, place } from './list-sql.ts';
import { sqlBuilder } from '#shared/store/sql.ts';

/**
 * List tables: for a resource with many rows (`rows: 'many'`) one narrow row beside each, with what lists ask for: the customer whose row it
 * is, one text to search in, and every sorted or filtered value, also of joined rows. Searching 100,000 rows reads one column of one table.
 * Triggers keep them in the transaction of the write. They are derived: a database whose tables were made by other definitions has them made
 * anew. On PostgreSQL the same table takes a pg_trgm index on `search`.
 */
export function hasListTable(resource: Resource): boolean {
  return resource.rows === 'many';
}

export const listTable = (resource: Resource): string => `${resource.table}_list`;
/** What a list is sorted by: the normal form where there is one. */
export const sortKey = (key: string): string => `sort_${snake(key)}`;
/** A filter's value as it is stored, where that is not what is sorted by. */
export const valueKey = (key: string): string => `value_${snake(key)}`;
/** Between the texts that are searched: no text holds it, so that nothing is found across two of them. */
const BETWEEN = 10;
const SCOPE_ALIAS = 'scope_row';

/** Keys of a resource that its list table sorts and filters by. */
export function listKeys(resource: Resource): readonly string[] {
  return [...Object.keys(resource.fields), ...Object.keys(resource.joined)].filter((key) => place(resource, key).field.type !== 'json');
}

/** Keys that are filtered by another value than they are sorted by. */
export function valueKeys(resource: Resource): readonly string[] {
  return (resource.filters ?? []).filter((key) => hasNorm(place(resource, key).field));
}

/** Searchable keys that go into the one text; phone numbers are searched by their digits alone, in their own column. */
export function searchKeys(resource: Resource): { readonly texts: readonly string[]; readonly phones: readonly string[] } {
  const keys = [...Object.keys(resource.fields).filter((key) => hasNorm(fieldOf(resource, key))), ...Object.keys(resource.joined).filter((key) => resource.joined[key]?.searchable === true)];
  const isPhone = (key: string): boolean => place(resource, key).field.type === 'phone';
  return { texts: keys.filter((key) => !isPhone(key)), phones: keys.filter(isPhone) };
}

function sqlTypeOf(field: Field): string {
  return field.type === 'number' ? 'REAL' : ['integer', 'instant', 'boolean'].includes(field.type) ? 'INTEGER' : 'TEXT';
}

interface ListColumn {
  readonly name: string;
  readonly type: string;
  readonly value: RawBuilder<unknown>;
}

const text = (query: RawBuilder<unknown>): string => query.compile(sqlBuilder).sql;

/** How a row's customer is reached, where that is not the row's own column. */
function scopeJoin(resource: Resource): { readonly join: RawBuilder<unknown>; readonly value: RawBuilder<unknown> } {
  const rule = resource.scope;
  if (typeof rule === 'string') return { join: sql``, value: sql`null` };
  if (!('resource' in rule)) return { join: sql``, value: column(MAIN, snake(rule.field)) };
  return { join: sql` left join ${sql.table(resourceNamed(rule.resource).table)} as ${sql.ref(SCOPE_ALIAS)} on ${linked(rule, SCOPE_ALIAS)}`, value: column(SCOPE_ALIAS, snake(rule.field)) };
}

function columnsOfList(resource: Resource): readonly ListColumn[] {
  const at = (key: string) => place(resource, key);
  const searched = searchKeys(resource).texts.map((key) => sql`coalesce(${column(at(key).alias, normColumn(at(key).key))}, '')`);
  return [
    { name: 'id', type: 'TEXT PRIMARY KEY NOT NULL', value: column(MAIN, 'id') },
    { name: 'scope', type: 'TEXT', value: scopeJoin(resource).value },
    { name: 'search', type: 'TEXT NOT NULL', value: searched.length === 0 ? sql`''` : sql.join(searched, sql` || char(${sql.lit(BETWEEN)}) || `) },
    ...listKeys(resource).map((key) => ({ name: sortKey(key), type: hasNorm(at(key).field) ? 'TEXT' : sqlTypeOf(at(key).field), value: column(at(key).alias, sortColumn(at(key).owner, at(key).key)) })),
    ...valueKeys(resource).map((key) => ({ name: valueKey(key), type: sqlTypeOf(at(key).field), value: column(at(key).alias, snake(at(key).key)) })),
  ];
}

/** Another table that rows of the list depend on, and how. */
interface Dependence {
  readonly table: string;
  /** Columns of it that the list shows or is found by. */
  readonly columns: readonly string[];
  /** The rows of the list that depend on its row `new` or `old`. */
  readonly rows: (side: 'new' | 'old') => string;
}

function dependences(resource: Resource): readonly Dependence[] {
  const found = new Map<string, { table: string; columns: Set<string>; rows: Dependence['rows'] }>();
  const add = (link: { resource: string; through?: string; by?: string; on?: string }, alias: string, names: readonly string[]): void => {
    const { other, own } = linkOf(link);
    const rows = (side: 'new' | 'old'): string => `${MAIN}.${own} = ${side}.${other}`;
    const entry = found.get(alias) ?? { table: resourceNamed(link.resource).table, columns: new Set<string>(link.through === undefined ? [other] : []), rows };
    for (const name of names) entry.columns.add(name);
    found.set(alias, entry);
  };
  for (const [key, joined] of Object.entries(resource.joined)) {
    const at = place(resource, key);
    add({ resource: joined.resource, ...(joined.through === undefined ? {} : { through: joined.through }), ...(joined.by === undefined ? {} : { by: joined.by }), ...(joined.on === undefined ? {} : { on: joined.on }) }, aliasOf(joined), hasNorm(at.field) ? [snake(at.key), normColumn(at.key)] : [snake(at.key)]);
  }
  const rule = resource.scope;
  if (typeof rule !== 'string' && 'resource' in rule) add(rule, SCOPE_ALIAS, [snake(rule.field)]);
  return [...found.values()].map((entry) => ({ ...entry, columns: [...entry.columns] }));
}

/** The statements that make a resource's list table, fill it and keep it. */
export function listTableSql(resource: Resource): readonly string[] {
  const table = listTable(resource);
  const columns = columnsOfList(resource);
  const names = columns.map((one) => one.name).join(', ');
  const select = `SELECT ${columns.map((one) => text(sql`select ${one.value}`).slice('select '.length)).join(', ')} ${text(fromClause(resource))}${text(sql`select 1${scopeJoin(resource).join}`).slice('select 1'.length)}`;
  const refresh = (rows: string): string => `INSERT OR REPLACE INTO ${table} (${names}) ${select} WHERE ${rows};`;
  const trigger = (name: string, event: string, body: string, when = ''): string => `CREATE TRIGGER ${table}_${name} ${event}${when === '' ? '' : ` WHEN ${when}`} BEGIN ${body} END`;
  return [
    `CREATE TABLE ${table} (${columns.map((one) => `${one.name} ${one.type}`).join(', ')}) STRICT`,
    `INSERT INTO ${table} (${names}) ${select}`,
    `CREATE INDEX ${table}_scope ON ${table} (scope)`,
    trigger('added', `AFTER INSERT ON ${resource.table}`, refresh(`${MAIN}.id = new.id`)),
    trigger('changed', `AFTER UPDATE ON ${resource.table}`, refresh(`${MAIN}.id = new.id`)),
    trigger('gone', `AFTER DELETE ON ${resource.table}`, `DELETE FROM ${table} WHERE id = old.id;`),
    ...dependences(resource).flatMap(({ table: other, columns: used, rows }, index) => {
      const differs = used.map((name) => `old.${name} IS NOT new.${name}`).join(' OR ');
      return [
        trigger(`on_${index}_added`, `AFTER INSERT ON ${other}`, refresh(rows('new'))),
        trigger(`on_${index}_changed`, `AFTER UPDATE ON ${other}`, `${refresh(rows('old'))} ${refresh(rows('new'))}`, differs),
        trigger(`on_${index}_gone`, `AFTER DELETE ON ${other}`, refresh(rows('old'))),
      ];
    }),
  ];
}

/** Removes the list tables; the next `ensureListTables` makes them anew. */
export function dropListTables(database: SqliteDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS list_table (name TEXT PRIMARY KEY NOT NULL, made_by TEXT NOT NULL) STRICT');
  for (const name of database.prepare<[], string>('SELECT name FROM list_table').pluck().all()) dropListTable(database, name);
}

function dropListTable(database: SqliteDatabase, name: string): void {
  // Triggers stand on other tables as well; the names of all of them begin with the list table's.
  for (const trigger of database.prepare<{ name: string }, string>("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND substr(name, 1, length(@name) + 1) = @name || '_'").pluck().all({ name })) database.exec(`DROP TRIGGER ${trigger}`);
  database.exec(`DROP TABLE IF EXISTS ${name}`);
  database.prepare('DELETE FROM list_table WHERE name = ?').run(name);
}

/** The same for a database that may have none yet. */
export function forgetListTables(database: SqliteDatabase): void {
  const known = database.prepare<[], number>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'list_table'").pluck().get() ?? 0;
  if (known > 0) database.transaction(() => dropListTables(database))();
}

/** Makes the list tables that are missing or were made by other definitions; one second for 100,000 rows. In one transaction. */
export function ensureListTables(database: SqliteDatabase): void {
  const wanted = new Map(RESOURCES.filter(hasListTable).map((resource) => [listTable(resource), listTableSql(resource)]));
  database.transaction(() => {
    database.exec('CREATE TABLE IF NOT EXISTS list_table (name TEXT PRIMARY KEY NOT NULL, made_by TEXT NOT NULL) STRICT');
    const made = new Map(database.prepare<[], { name: string; madeBy: string }>('SELECT name, made_by AS madeBy FROM list_table').all().map((row) => [row.name, row.madeBy]));
    const isSame = (name: string, madeBy: string | undefined): boolean => wanted.get(name)?.join(';\n') === madeBy;
    for (const [name, madeBy] of made) if (!isSame(name, madeBy)) dropListTable(database, name);
    const note = database.prepare('INSERT INTO list_table (name, made_by) VALUES (?, ?)');
    for (const [name, statements] of wanted) {
      if (isSame(name, made.get(name))) continue;
      for (const statement of statements) database.exec(statement);
      note.run(name, statements.join(';\n'));
    }
  })();
}
