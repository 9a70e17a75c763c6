import { describe, expect, test } from 'vitest';
import { columnsOf } from '#shared/resources/columns.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { migrate, openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { OPERATIONS_APPLICATION_ID, OPERATIONS_MIGRATIONS } from './index.ts';

interface ColumnInfo {
  name: string;
  type: string;
  notnull: number;
}

describe('operations schema', () => {
  const database = openDatabase(':memory:');
  migrate(database, OPERATIONS_MIGRATIONS, OPERATIONS_APPLICATION_ID);

  test.each(RESOURCES.map((resource) => [resource.name, resource] as const))('the table of %s has exactly the columns that its definition derives', (_name, resource) => {
    const found = (database.pragma(`table_info(${resource.table})`) as ColumnInfo[]).map(({ name, type, notnull }) => ({ name, type, notNull: notnull === 1 }));
    expect(found).toEqual(columnsOf(resource).map(({ name, type, notNull }) => ({ name, type, notNull })));
  });

  test.each(RESOURCES.map((resource) => [resource.name, resource] as const))('%s has a unique index for every unique column', (_name, resource) => {
    const indexes = database.pragma(`index_list(${resource.table})`) as { name: string; unique: number }[];
    const unique = indexes.filter((index) => index.unique === 1).map((index) => (database.pragma(`index_info(${index.name})`) as ColumnInfo[]).map((column) => column.name).join());
    for (const column of columnsOf(resource)) if (column.unique) expect(unique).toContain(column.name);
  });
});
