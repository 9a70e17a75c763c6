import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSample, matchHeadings, readCell, readRow } from './import-cells.ts';
import { SALES_DATA_UPDATE } from './import-sales-data.ts';
import { importColumn, type ImportColumn, type RawCell } from './import-template.ts';
import { choice, date, integer, json, phone, text, yesNo } from './field.ts';
import type { Field } from './field.ts';
import { z } from 'zod';

const column = (field: Field): ImportColumn => ({ key: 'x', heading: 'X', field });
const read = (field: Field, cell: Exclude<RawCell, undefined>) => readCell(column(field), cell);
const AT = matchHeadings(SALES_DATA_UPDATE, SALES_DATA_UPDATE.columns.map(({ heading }) => heading));

describe('a cell of an uploaded file', () => {
  test.each<[string, Field, Exclude<RawCell, undefined>, unknown]>([
    ['a number where text belongs', phone({ label: 'Phone' }), 9845012345, '9845012345'],
    ['blanks around a text', text({ label: 'Name' }), '  Asha ', 'Asha'],
    ['a date', date({ label: 'Date' }), { date: Date.UTC(2024, 1, 6, 23) }, '2024-02-06'],
    ['a date as it is shown', date({ label: 'Date' }), '6-Feb-2024', '2024-02-06'],
    ['a date without a format', date({ label: 'Date' }), 45328, '2024-02-06'],
    ['a number as text', integer({ label: 'N', min: 0, max: 99 }), '42', 42],
    ['a word of a list in other letters', choice({ label: 'S', values: [{ value: 'in-transit', label: 'In Transit' }] }), 'in transit', 'in-transit'],
    ['yes', yesNo({ label: 'Y' }), 'yes', true],
    ['structured data', json({ label: 'J', schema: z.array(z.string()) }), '["a"]', ['a']],
  ])('%s is read', (_name, field, cell, value) => expect(read(field, cell)).toEqual({ value }));

  test.each<[string, Field, Exclude<RawCell, undefined>, RegExp]>([
    ['a date where text belongs', text({ label: 'Name' }), { date: 0 }, /a date where text belongs/],
    ['an error', text({ label: 'Name' }), { error: '#REF!' }, /the error #REF!/],
    ['a day that is none', date({ label: 'Date' }), '31-Feb-2024', /is no date/],
    ['a day in an order that nobody can tell', date({ label: 'Date' }), '03/04/2024', /is no date/],
    ['a word where a number belongs', integer({ label: 'N', min: 0, max: 9 }), 'many', /is no number/],
    ['a number out of range', integer({ label: 'N', min: 0, max: 9 }), 10, /At most 9/],
    ['an over-long text', text({ label: 'Name', max: 5 }), 'abcdef', /At most 5 characters/],
    ['a line break', text({ label: 'Name' }), 'a\nb', /control characters/],
  ])('%s is refused', (_name, field, cell, words) => expect(read(field, cell)).toMatchObject({ problem: expect.stringMatching(words) as string }));

  test('whatever it holds, it is read or refused, and a text stays a text', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.record({ date: fc.integer() }), fc.record({ error: fc.string() }));
    fc.assert(
      fc.property(cell, (value) => {
        const name = readCell(importColumn(SALES_DATA_UPDATE, 'userName'), value);
        if ('value' in name) expect(typeof name.value).toBe('string');
        else expect(name.problem).toMatch(/^User Name: /);
      }),
    );
  });
});

describe('a row of an uploaded file', () => {
  test('is blank where every cell is, and a blank cell is no value', () => {
    expect(readRow(SALES_DATA_UPDATE, AT, { line: 2, cells: ['  ', undefined] })).toBeUndefined();
    expect(readRow(SALES_DATA_UPDATE, AT, { line: 2, cells: ['MX1', 'CEH1', ' '] })).toMatchObject({ values: { vin: 'MX1', telematicsId: 'CEH1' }, problems: [] });
  });

  test('is a sample only while it is untouched', () => {
    const [sample] = SALES_DATA_UPDATE.samples;
    const cells = SALES_DATA_UPDATE.columns.map(({ key }) => sample?.[key]);
    const row = readRow(SALES_DATA_UPDATE, AT, { line: 2, cells });
    const changed = readRow(SALES_DATA_UPDATE, AT, { line: 2, cells: cells.with(0, 'MX1') });
    expect([row !== undefined && isSample(SALES_DATA_UPDATE, row), changed !== undefined && isSample(SALES_DATA_UPDATE, changed)]).toEqual([true, false]);
  });
});
