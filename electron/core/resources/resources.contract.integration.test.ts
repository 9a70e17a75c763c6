import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractKey, type ResourceRow } from '#shared/contract/resource.ts';
import { CONTRACT_RESOURCES, resourcesContract } from '#shared/contract/resources.ts';
import { hasNorm } from '#shared/resources/columns.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { compareKeys, phoneKey, searchText } from '#shared/resources/normalise.ts';
import { RESOURCES, resourceNamed } from '#shared/resources/registry.ts';
import type { Client } from '#shared/rpc/client.ts';
import type { Contract } from '#shared/rpc/definition.ts';
import { items } from '#shared/rpc/items.ts';
import { idOf, principalOf } from '#shared/testing/master-data.ts';
import { appErrorOf, codeOf } from '#shared/testing/operations.ts';
import { openResourceHost, type ResourceHost } from '#shared/testing/resource-host.ts';
import { RESOURCE_SAMPLES } from '#shared/testing/resource-samples.ts';

type AnyClient = Client<Contract>;
type Page = { total: number; rows: ResourceRow[] };
const ROWS = [1, 2, 3, 4, 5] as const;
const has = (resource: Resource, verb: string): boolean => Object.hasOwn(resourcesContract, `${contractKey(resource)}.${verb}`);
const valuesOf = (row: ResourceRow): Readonly<Record<string, unknown>> => row.values;

test('every resource that is written by hand has a sample', () => {
  expect(CONTRACT_RESOURCES.filter((resource) => has(resource, 'update')).map((resource) => resource.name).sort()).toEqual(RESOURCE_SAMPLES.map(({ resource }) => resource.name).sort());
});

describe.each(RESOURCE_SAMPLES.map((sample) => [sample.resource.name, sample] as const))('the resource %s', (_name, sample) => {
  const { resource } = sample;
  const name = (verb: string): string => `${contractKey(resource)}.${verb}`;
  let host: ResourceHost;
  let admin: AnyClient;
  const ids: string[] = [];
  const call = (client: AnyClient, verb: string, input: object): Promise<unknown> => client.call(name(verb) as never, input as never);
  const list = (client: AnyClient, input: object = {}): Promise<Page> => call(client, 'list', { offset: 0, limit: 500, ...input }) as Promise<Page>;
  const get = (id: string, client: AnyClient = admin): Promise<ResourceRow> => call(client, 'get', { id }) as Promise<ResourceRow>;
  const update = (id: string, revision: number, set: object, client: AnyClient = admin): Promise<unknown> => call(client, 'update', { id, revision, edit: { set } });
  const asRole = async (role: Parameters<typeof principalOf>[0], scope?: string[]): Promise<AnyClient> => (await host.client(principalOf(role, scope === undefined ? {} : { scope: new Set(scope) }))) as unknown as AnyClient;

  beforeAll(async () => {
    host = await openResourceHost();
    admin = host.admin as unknown as AnyClient;
    for (const n of ROWS) ids.push(await make(n));
  });
  afterAll(() => host.close());

  /** Row `n`: made by hand, or found where rows come with others. */
  async function make(n: number): Promise<string> {
    if (sample.values) return ((await call(admin, 'create', { values: sample.values(n) })) as { id: string }).id;
    const { rows } = await list(admin);
    const row = rows.find((one) => Object.values(one.values).includes(idOf(`vehicle ${n}`)));
    expect(row).toBeDefined();
    return row?.id ?? '';
  }

  test('shows a new row as it was entered, with who added it', async () => {
    const row = await get(ids[0] ?? '');
    if (sample.values) expect(valuesOf(row)).toMatchObject(sample.values(1));
    expect((await list(admin)).rows.map((one) => one.id)).toEqual(expect.arrayContaining(ids));
    const history = (await call(admin, 'history', { id: row.id, limit: 10 })) as { changes: { operation: string; by: string; where: string }[] };
    expect(history.changes.at(-1)).toMatchObject({ operation: 'insert', where: 'this console', by: sample.values ? 'A former user' : 'System' });
  });

  test.runIf(sample.values !== undefined && Object.values(resource.fields).some((field) => field.unique !== undefined) || resource.uniqueTogether !== undefined)('refuses the same row again and says what is taken', async () => {
    const error = await appErrorOf(call(admin, 'create', { values: sample.values?.(1) ?? {} }));
    expect(error.code).toBe('not-unique');
    expect(error.message).toMatch(/already|is in/);
  });

  test.runIf(sample.values !== undefined)('adds a row once, however often the same request is sent', async () => {
    const requestId = idOf(`request ${resource.name}`);
    const values = sample.values?.(6) ?? {};
    const first = await call(admin, 'create', { values, requestId });
    expect(await call(admin, 'create', { values, requestId })).toEqual(first);
    await call(admin, 'delete', { ids: [(first as { id: string }).id] });
  });

  test.runIf(sample.values !== undefined)('refuses what is missing, too long, of a wrong type or unknown, and names the field', async () => {
    const good = sample.values?.(8) ?? {};
    for (const key of resource.form?.add ?? []) {
      const field = resource.fields[key] as Field;
      const refused = async (values: object): Promise<void> => {
        const error = await appErrorOf(call(admin, 'create', { values }));
        expect(error.code, `${key}: ${JSON.stringify(values)}`).toBe('invalid-input');
        expect(JSON.stringify(error.details?.['issues'])).toContain(key);
      };
      if (field.mandatory !== 'no') await refused(Object.fromEntries(Object.entries(good).filter(([one]) => one !== key)));
      if (field.max !== undefined) {
        await refused({ ...good, [key]: 'x'.repeat(field.max + 1) });
        await refused({ ...good, [key]: 'a\u0000b' });
      }
      await refused({ ...good, [key]: { nested: true } });
    }
    await appErrorOf(call(admin, 'create', { values: { ...good, colour: 'red' } }));
  });

  test('is found by every text it shows, in any case, and not by what it does not hold', async () => {
    const row = await get(ids[1] ?? '');
    for (const key of resource.grid ?? []) {
      const joined = resource.joined[key];
      const field = (joined === undefined ? resource.fields[key] : resourceNamed(joined.resource).fields[joined.field]) as Field;
      const searched = joined === undefined ? hasNorm(field) : joined.searchable === true;
      const value = joined === undefined ? valuesOf(row)[key] : row.joined[key];
      if (!searched || typeof value !== 'string') continue;
      const { rows } = await list(admin, { search: value.toUpperCase() });
      expect(rows.map((one) => one.id), `${key} ${value}`).toContain(row.id);
    }
    expect(await list(admin, { search: 'no such text anywhere' })).toEqual({ total: 0, rows: [] });
    expect((await list(admin, { search: "'; DROP TABLE product; --" })).total).toBe(0);
  });

  test('is filtered by every filter of its page', async () => {
    const row = await get(ids[1] ?? '');
    for (const key of resource.filters ?? []) {
      const joined = resource.joined[key];
      const value = joined === undefined ? valuesOf(row)[key] : row.joined[key];
      if (value === undefined) continue;
      const { rows, total } = await list(admin, { filter: { [key]: [value] } });
      expect(rows.map((one) => one.id)).toContain(row.id);
      expect([total, rows.filter((one) => (joined === undefined ? valuesOf(one)[key] : one.joined[key]) !== value)]).toEqual([rows.length, []]);
      const offered = (await call(admin, 'options', { field: key })) as { options: { value: string }[] };
      expect(offered.options.map((option) => option.value)).toContain(value);
    }
  });

  test('is sorted by every column of its grid, in both directions, empty values last', async () => {
    for (const key of resource.grid ?? []) {
      const joined = resource.joined[key];
      const field = (joined === undefined ? resource.fields[key] : resourceNamed(joined.resource).fields[joined.field]) as Field;
      for (const direction of ['asc', 'desc'] as const) {
        const { rows } = await list(admin, { sort: { column: key, direction } });
        const values = rows.map((one) => (joined === undefined ? valuesOf(one)[key] : one.joined[key]));
        const given = values.filter((value) => value !== undefined);
        expect(values.slice(given.length), key).toEqual(values.filter((value) => value === undefined));
        const order = (a: unknown, b: unknown): number => (direction === 'asc' ? 1 : -1) * (typeof a === 'number' ? a - Number(b) : compareKeys(sortText(field, a), sortText(field, b)));
        expect(given, `${key} ${direction}`).toEqual([...given].sort(order));
      }
    }
  });

  test('is exported as it is listed: every row, in its order, under its headings', async () => {
    const columns = [...(resource.grid ?? [])];
    const { rows } = await list(admin);
    let url = '';
    for await (const item of items(admin, name('export') as never, { columns, timeZone: 'Asia/Kolkata' } as never)) url = (item as { url?: string }).url ?? url;
    const file = host.exchange.takeDownload(url.replace('/files/', ''));
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(file?.path ?? '');
    const sheet = workbook.worksheets[0];
    expect(sheet?.actualRowCount).toBe(rows.length + 1);
    const text = columns.findIndex((key) => resource.fields[key]?.type === 'text' || resource.fields[key]?.type === 'identifier' || resource.joined[key] !== undefined);
    const exported = rows.map((_row, n) => sheet?.getRow(n + 2).getCell(text + 1).value ?? undefined);
    const key = columns[text] ?? '';
    const joined = resource.joined[key];
    const target = joined === undefined ? undefined : resourceNamed(joined.resource).fields[joined.field];
    const shown = (row: ResourceRow): unknown => {
      const value = joined === undefined ? valuesOf(row)[key] : row.joined[key];
      return target?.values?.find((entry) => entry.value === value)?.label ?? value;
    };
    expect(exported).toEqual(rows.map(shown));
  });

  test('merges two edits of different fields, and says who changed what', async () => {
    const before = await get(ids[2] ?? '');
    await update(before.id, before.revision, sample.edit(3));
    await update(before.id, before.revision, sample.otherEdit(3));
    const after = await get(before.id);
    expect(valuesOf(after)).toMatchObject({ ...sample.edit(3), ...sample.otherEdit(3) });
    expect(after.revision).toBe(before.revision + 2);
    const { changes } = (await call(admin, 'history', { id: before.id, limit: 2 })) as { changes: { operation: string; what: string; fields: { field: string; label: string; to?: unknown; toText?: string }[] }[] };
    expect(changes.map((change) => change.operation)).toEqual(['update', 'update']);
    const [key = '', value] = Object.entries(sample.otherEdit(3))[0] ?? [];
    expect(changes[0]?.fields.find((line) => line.field === key)).toMatchObject({ label: resource.fields[key]?.label, to: value });
  });

  test.runIf(Object.entries(resource.fields).some(([key, field]) => field.merge === 'strict' && (resource.form?.edit ?? []).includes(key) && field.fixed !== true && field.type === 'enum'))('refuses a second edit of a strict field that did not see the first', async () => {
    const [key, field] = Object.entries(resource.fields).find(([, one]) => one.merge === 'strict' && one.type === 'enum') ?? [];
    const row = await get(ids[3] ?? '');
    const others = (field?.values ?? []).map((entry) => entry.value).filter((value) => value !== valuesOf(row)[key ?? '']);
    await update(row.id, row.revision, { [key ?? '']: others[0] });
    const error = await appErrorOf(update(row.id, row.revision, { [key ?? '']: others[1] ?? valuesOf(row)[key ?? ''] }));
    expect([error.code, error.details?.['field']]).toEqual(['stale', key]);
  });

  test('never changes a fixed field, nor empties a mandatory one', async () => {
    const row = await get(ids[0] ?? '');
    for (const [key, field] of Object.entries(resource.fields)) {
      if (field.fixed === true) expect(await codeOf(update(row.id, row.revision, { [key]: valuesOf(row)[key] ?? 'x' }))).toBe('invalid-input');
      if (field.mandatory !== 'no') expect(await codeOf(call(admin, 'update', { id: row.id, revision: row.revision, edit: { set: {}, clear: [key] } }))).toBe('invalid-input');
    }
    expect((await get(row.id)).revision).toBe(row.revision);
  });

  test('is read and not written by Operation, and closed to B2B but for sales', async () => {
    const operation = await asRole('operation');
    expect((await list(operation)).total).toBeGreaterThanOrEqual(ROWS.length);
    const row = await get(ids[0] ?? '', operation);
    expect(await codeOf(update(row.id, row.revision, sample.edit(1), operation))).toBe('forbidden');
    if (sample.values) {
      expect(await codeOf(call(operation, 'create', { values: sample.values(7) }))).toBe('forbidden');
      expect(await codeOf(call(operation, 'delete', { ids: [row.id] }))).toBe('forbidden');
    }
    const b2b = await asRole('b2b');
    expect(await list(b2b).then((page) => page.total > 0, (error: { code: string }) => error.code)).toBe(resource.permissions.read === 'sales.read' ? true : 'forbidden');
  });

  test('of another customer is as if it were not there', async () => {
    const stranger = await asRole('super-admin', [idOf('a customer without vehicles')]);
    const id = ids[0] ?? '';
    const row = await get(id);
    if (resource.scope === 'all') {
      expect((await list(stranger)).total).toBe((await list(admin)).total);
      expect(await codeOf(update(id, row.revision, sample.edit(1), stranger))).toBe('forbidden');
      return;
    }
    expect(await list(stranger)).toEqual({ total: 0, rows: [] });
    expect((await list(stranger, { search: 'a' })).total).toBe(0);
    for (const verb of ['get', 'history'] as const) expect(await codeOf(call(stranger, verb, { id, limit: 5 }))).toBe('not-found');
    expect(await codeOf(update(id, row.revision, sample.edit(1), stranger))).toBe('not-found');
    if (has(resource, 'delete')) expect(['not-found', 'forbidden']).toContain(await codeOf(call(stranger, 'delete', { ids: [id] })));
    for (const key of resource.grid ?? []) {
      const { options } = (await call(stranger, 'options', { field: key })) as { options: unknown[] };
      const fixed = (resource.fields[key] ?? resourceNamed(resource.joined[key]?.resource ?? resource.name).fields[resource.joined[key]?.field ?? ''])?.values;
      expect(options, key).toHaveLength(fixed?.length ?? 0);
    }
    expect((await get(id)).revision).toBe(row.revision);
  });

  test('tells those who follow it which rows changed, and nobody beyond its scope', async () => {
    const stranger = await asRole('super-admin', [idOf('a customer without vehicles')]);
    const heard: string[] = [];
    const follow = (client: AnyClient, who: string) =>
      client.open('resources.changes' as never, { resources: [resource.name] } as never, { onItem: (item) => void heard.push(`${who} ${(item as { changes: { ids: string[] }[] }).changes.flatMap((change) => change.ids).join()}`), onError: (error) => void heard.push(String(error)) });
    const streams = [follow(admin, 'admin'), follow(stranger, 'stranger')];
    const row = await get(ids[4] ?? '');
    await update(row.id, row.revision, sample.edit(5));
    await expect.poll(() => heard).toContain(`admin ${row.id}`);
    expect(heard.filter((line) => line.startsWith('stranger'))).toEqual(resource.scope === 'all' ? [`stranger ${row.id}`] : []);
    for (const stream of streams) stream.dispose();
  });

  test.runIf(has(resource, 'delete'))('is deleted together with others or not at all', async () => {
    const doomed = [ids[3] ?? '', ids[4] ?? ''];
    expect(await codeOf(call(admin, 'delete', { ids: [doomed[0], idOf('nobody')] }))).toBe('not-found');
    expect((await get(doomed[0] ?? '')).id).toBe(doomed[0]);
    const request = { ids: doomed, requestId: idOf(`deletion ${resource.name}`) };
    expect(await call(admin, 'delete', request)).toEqual({ deleted: 2 });
    // The answer was lost, and the window sends the request again.
    expect(await call(admin, 'delete', request)).toEqual({ deleted: 2 });
    expect(await codeOf(get(doomed[0] ?? ''))).toBe('not-found');
    expect((await list(admin)).rows.map((one) => one.id)).not.toContain(doomed[1]);
  });
});

describe('a row that others refer to', () => {
  let host: ResourceHost;
  beforeAll(async () => {
    host = await openResourceHost();
    for (const { resource, values } of RESOURCE_SAMPLES) if (values) await (host.admin as unknown as AnyClient).call(`${contractKey(resource)}.create` as never, { values: values(1) } as never);
  });
  afterAll(() => host.close());

  const referred = CONTRACT_RESOURCES.filter((resource) => has(resource, 'delete')).flatMap((resource) =>
    RESOURCES.flatMap((other) => Object.entries(other.fields).filter(([, field]) => field.to === resource.name && field.whenDeleted !== 'keep').map(([key]) => [resource.name, other.name, key] as const)),
  );

  test.each(referred)('%s is not deleted while a %s has it as its %s, and the refusal counts them', async (name, otherName, key) => {
    const [resource, other] = [resourceNamed(name), resourceNamed(otherName)];
    const [row] = host.operations.read.all(other).filter((one) => (one as unknown as Readonly<Record<string, unknown>>)[key] !== undefined);
    // A sale goes with its product.
    if (name === 'product' && otherName === 'sale') return;
    const id = String((row as unknown as Readonly<Record<string, unknown>>)[key]);
    const error = await appErrorOf((host.admin as unknown as AnyClient).call(`${contractKey(resource)}.delete` as never, { ids: [id] } as never));
    expect([error.code, error.message]).toEqual(['refused', expect.stringMatching(/is used by .*\d/)]);
    expect(error.details?.['referrers']).toContainEqual(expect.objectContaining({ resource: otherName }));
    expect(host.operations.read.get(resource, id)).toBeDefined();
  });
});

function sortText(field: Field, value: unknown): string {
  if (field.type === 'phone') return phoneKey(String(value));
  return hasNorm(field) ? searchText(String(value)) : String(value);
}
