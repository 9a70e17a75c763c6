import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PERMISSIONS } from '../domain/access/permissions.ts';
import { columnsOf, decodeRow, encodeRow } from './columns.ts';
import type { Resource, RowOf } from './define-resource.ts';
import { customer } from './customer.ts';
import { product } from './product.ts';
import { RESOURCES, resourceNamed } from './registry.ts';
import { sale } from './sale.ts';
import { createSchema, editSchema, editableKeys, patchOf } from './schemas.ts';

const known = (resource: Resource, key: string): boolean => key in resource.fields || key in resource.joined || key === 'id';

describe.each(RESOURCES.map((resource) => [resource.name, resource] as const))('resource %s', (_name, resource) => {
  test('names only fields and joined columns that exist', () => {
    const named = [
      resource.title,
      ...(resource.grid ?? []),
      ...(resource.form?.add ?? []),
      ...(resource.form?.edit ?? []),
      ...(resource.filters ?? []),
      ...(resource.details ?? []).flatMap((group) => group.fields),
      ...Object.keys(resource.exchange ?? {}),
      ...(resource.sort === undefined ? [] : [resource.sort.column]),
      ...(resource.uniqueTogether?.fields ?? []),
    ];
    expect(named.filter((key) => !known(resource, key))).toEqual([]);
  });

  test('refers to resources and fields that exist', () => {
    for (const field of Object.values(resource.fields)) if (field.type === 'reference') expect(() => resourceNamed(field.to ?? '')).not.toThrow();
    for (const column of Object.values(resource.joined)) {
      const target = resourceNamed(column.resource);
      expect(Object.keys(target.fields)).toContain(column.field);
      expect([column.through, column.by].filter((link) => link !== undefined)).toHaveLength(1);
      if (column.through !== undefined) expect(resource.fields[column.through]?.to).toBe(column.resource);
      if (column.by === undefined) continue;
      expect(target.fields[column.by]).toMatchObject({ to: column.on === undefined ? resource.name : resource.fields[column.on]?.to, unique: 'exact' });
    }
  });

  test('has columns of different names and permissions that exist', () => {
    const names = columnsOf(resource).map((column) => column.name);
    expect(new Set(names).size).toBe(names.length);
    for (const permission of Object.values(resource.permissions)) expect(Object.keys(PERMISSIONS)).toContain(permission);
  });

  test('finds every text that its grid shows', () => {
    const texts = (resource.grid ?? []).filter((key) => {
      const joined = resource.joined[key];
      const field = resource.fields[key] ?? (joined === undefined ? undefined : resourceNamed(joined.resource).fields[joined.field]);
      return field !== undefined && ['text', 'identifier', 'phone', 'email'].includes(field.type) && (resource.fields[key]?.searchable ?? joined?.searchable) !== true;
    });
    expect(texts).toEqual([]);
  });

  test('asks in the add form for everything a row cannot exist without', () => {
    if (resource.form?.add === undefined) return;
    // A new user is invited: nobody chooses that.
    const given = resource.name === 'user' ? ['status'] : [];
    const required = Object.entries(resource.fields).filter(([, field]) => field.mandatory === 'always').map(([key]) => key);
    expect(required.filter((key) => !given.includes(key) && !(resource.form?.add ?? []).includes(key))).toEqual([]);
  });
});

describe('derived schemas', () => {
  const values = {
    modelId: '0190b3f0-0000-7000-8000-000000000001', vin: ' mx000123 ', motorId: 'KE77', telematicsId: 'CEH012', deviceId: 'tcu-1', bmsId: 'Bms99', communicationType: 'Cellular', batteryModel: '52-AH - Urban',
  };

  test('the add form takes what the manual asks for and trims it', () => {
    expect(createSchema(product).parse(values)).toEqual({ ...values, vin: 'mx000123' });
  });

  test('a missing mandatory field, an unknown one and a Device ID that is no topic level are refused', () => {
    const { vin: _vin, ...without } = values;
    expect(createSchema(product).safeParse(without).success).toBe(false);
    expect(createSchema(product).safeParse({ ...values, colour: 'red' }).success).toBe(false);
    for (const deviceId of ['a/b', 'a+', '#', 'a b', '$SYS']) expect(createSchema(product).safeParse({ ...values, deviceId }).success, deviceId).toBe(false);
  });

  test('an edit cannot touch what identifies the unit, nor empty a mandatory field', () => {
    expect(editableKeys(product)).not.toContain('deviceId');
    expect(editSchema(product).safeParse({ set: { deviceId: 'tcu-2' } }).success).toBe(false);
    expect(editSchema(product).safeParse({ set: {}, clear: ['vin'] }).success).toBe(false);
    const edit = editSchema(product).parse({ set: { vin: 'MX2' }, clear: ['registration'] });
    expect(patchOf<typeof product.fields>(edit)).toEqual({ vin: 'MX2', registration: undefined });
  });

  test('dates are calendar dates, phones have 7 to 15 digits, customers need their city', () => {
    expect(editSchema(sale).safeParse({ set: { purchaseDate: '2024-02-30' } }).success).toBe(false);
    expect(editSchema(sale).safeParse({ set: { purchaseDate: '2024-02-29', phone: '+91 98450 12345' } }).success).toBe(true);
    expect(editSchema(sale).safeParse({ set: { phone: '12345' } }).success).toBe(false);
    expect(createSchema(customer).safeParse({ name: 'A', address: 'b', pinCode: '560001', phone: '9845012345', email: 'a@b.co' }).success).toBe(false);
  });
});

describe('row codec', () => {
  test('a row comes back from its columns as it was', () => {
    fc.assert(
      fc.property(
        fc.record({ name: fc.string({ minLength: 1 }), wheels: fc.constantFrom('2W', '3W'), batteryModels: fc.array(fc.string()), dbc: fc.constant([]), firmwareLine: fc.option(fc.string(), { nil: undefined }) }),
        (values) => {
          const resource = resourceNamed('vehicle-model');
          const row = { id: 'x', revision: 3, createdAt: 1, updatedAt: 2, ...values } as RowOf<typeof resource.fields>;
          expect(decodeRow(resource, encodeRow(resource, row))).toEqual(JSON.parse(JSON.stringify(row)));
        },
      ),
    );
  });
});
