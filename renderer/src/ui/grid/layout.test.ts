import { expect, test } from 'vitest';
import { parseLayout, useGridLayout } from './layout.ts';
import type { GridColumn, LayoutPort } from './types.ts';

const columns: GridColumn<object>[] = [
  { key: 'vin', title: 'VIN', width: 140, pinned: true },
  { key: 'soc', title: 'SoC', width: 80 },
  { key: 'range', title: 'Range', width: 80 },
  { key: 'city', title: 'City', width: 100, hidden: true },
];
const keys = (layout: ReturnType<typeof useGridLayout<object>>) => layout.columns.value.filter((item) => !item.hidden).map((item) => item.column.key);

function memory(stored?: unknown): LayoutPort & { saved: unknown } {
  return { saved: undefined, load: async () => stored, save(value) { this.saved = value; } };
}

test('shows the columns as the page has them', () => {
  expect(keys(useGridLayout(() => columns, undefined))).toEqual(['vin', 'soc', 'range']);
});

test('remembers order, width and what is hidden, and brings it back', async () => {
  const port = memory();
  const layout = useGridLayout(() => columns, port);
  layout.move('range', 'soc');
  layout.setHidden('city', false);
  layout.setHidden('soc', true);
  layout.resize('range', 5000);
  const again = useGridLayout(() => columns, memory(JSON.parse(JSON.stringify(port.saved))));
  await Promise.resolve();
  expect(keys(again)).toEqual(['vin', 'range', 'city']);
  expect(again.columns.value.find((item) => item.column.key === 'range')?.width).toBe(640);
});

test('a pinned column stays first and cannot be hidden', () => {
  const layout = useGridLayout(() => columns, undefined);
  layout.setHidden('vin', true);
  layout.move('soc', 'vin');
  expect(keys(layout)[0]).toBe('vin');
});

test('a column that came after the layout was stored is shown in its place', async () => {
  const layout = useGridLayout(() => columns, memory({ order: ['vin', 'range'], hidden: [], widths: {}, compact: true }));
  await Promise.resolve();
  expect(keys(layout)).toEqual(['vin', 'soc', 'range']);
  expect(layout.compact.value).toBe(true);
});

test('a stored layout that makes no sense is left aside', () => {
  for (const value of [undefined, null, 7, 'x']) expect(parseLayout(value)).toBeUndefined();
  expect(parseLayout({ order: [1, 'vin'], widths: { vin: 'wide', soc: 90 }, pageSize: 33 })).toEqual({ order: ['vin'], hidden: [], widths: { soc: 90 }, compact: false, pageSize: undefined });
});
