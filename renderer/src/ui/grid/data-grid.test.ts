import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createShortcuts, shortcutsKey } from '../keyboard/shortcuts.ts';
import DataGrid from './DataGrid.vue';
import { useGridLayout } from './layout.ts';
import type { GridColumn, GridRequest } from './types.ts';

interface Row {
  readonly id: string;
  readonly soc: number | undefined;
}
const columns: GridColumn<Row>[] = [
  { key: 'id', title: 'VIN', width: 140, pinned: true, text: (row) => row.id },
  { key: 'soc', title: 'SoC', width: 80, align: 'right', text: (row) => (row.soc === undefined ? undefined : `${row.soc} %`) },
];
const TOTAL = 100_000;
const rows = (offset: number, limit: number): Row[] => Array.from({ length: limit }, (_, i) => ({ id: `V${offset + i}`, soc: (offset + i) % 7 === 0 ? undefined : (offset + i) % 100 }));

// happy-dom lays nothing out; the grid needs a size to know how many rows fit.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
});
afterEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

async function mountGrid(props: Record<string, unknown> = {}, load = vi.fn(async ({ offset, limit }: GridRequest) => ({ rows: rows(offset, limit), total: TOTAL })), layout = useGridLayout<Row>(() => columns, undefined)) {
  const wrapper = mount(DataGrid<Row>, {
    attachTo: document.body,
    global: { provide: { [shortcutsKey as symbol]: createShortcuts(window) } },
    props: { load, layout, rowKey: (row: Row) => row.id, label: 'Vehicles', errorText: (error: unknown) => ({ text: String(error) }), ...props },
  });
  await settle();
  await settle();
  return { wrapper, load, layout };
}
const cells = () => [...document.querySelectorAll('.el-table-v2__row')].map((row) => row.textContent?.trim());

test('draws only the rows that fit out of 100,000, and says which', async () => {
  const { wrapper } = await mountGrid();
  expect(document.querySelectorAll('.el-table-v2__row').length).toBeLessThan(40);
  expect(cells()[1]).toContain('V1');
  expect(wrapper.text()).toContain('1–11 of 100,000 items');
});

test('a value that is missing is a dash, not zero', async () => {
  await mountGrid();
  expect(cells()[0]).toBe('V0–');
});

test('a click on a title sorts up, down and not at all', async () => {
  const { wrapper, load } = await mountGrid();
  const title = wrapper.findAll('button.grid-title').find((button) => button.text() === 'SoC');
  const sorts: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    await title?.trigger('click');
    const [sort] = wrapper.emitted('update:sort')?.at(-1) ?? [];
    sorts.push(sort);
    await wrapper.setProps({ sort } as never);
    await settle();
  }
  expect(sorts).toEqual([{ column: 'soc', direction: 'asc' }, { column: 'soc', direction: 'desc' }, undefined]);
  expect(load.mock.calls.at(-2)?.[0].sort).toEqual({ column: 'soc', direction: 'desc' });
});

test('J and K move the current row, Enter opens it, a click opens too', async () => {
  const { wrapper } = await mountGrid();
  for (const key of ['j', 'j', 'j', 'k']) window.dispatchEvent(new KeyboardEvent('keydown', { key }));
  await settle();
  expect(document.querySelector('.is-cursor')?.textContent).toContain('V1');
  await wrapper.find('.grid-box').trigger('keydown', { key: 'Enter' });
  await wrapper.findAll('.el-table-v2__row')[3]?.trigger('click');
  expect(wrapper.emitted('open')?.map(([row]) => (row as Row).id)).toEqual(['V1', 'V3']);
});

test('ticking rows keeps what was ticked before', async () => {
  const selected = new Set(['elsewhere']);
  const { wrapper } = await mountGrid({ selectable: true, selected });
  await wrapper.find('.grid-box').trigger('keydown', { key: 'ArrowDown' });
  await wrapper.find('.grid-box').trigger('keydown', { key: ' ' });
  expect([...(wrapper.emitted('update:selected')?.[0]?.[0] as Set<string>)]).toEqual(['elsewhere', 'V0']);
});

test('pages of 20 step through the list', async () => {
  const { wrapper, layout } = await mountGrid();
  layout.setPageSize(20);
  await settle();
  await wrapper.find('button[aria-label="Next page"]').trigger('click');
  await settle();
  expect(cells()[0]).toContain('V20');
  expect(wrapper.text()).toContain('2 / 5,000');
});

test('the page that the address names stays when the number of rows a user chose is read after the first rows; choosing another number starts at the top', async () => {
  let answer: (stored: unknown) => void = () => undefined;
  const layout = useGridLayout<Row>(() => columns, { load: () => new Promise((resolve) => (answer = resolve)), save: () => undefined });
  const { wrapper } = await mountGrid({ page: 2 }, undefined, layout);
  answer({ pageSize: 50 });
  await settle();
  expect(wrapper.text()).toContain('3 / 2,000');
  expect(cells()[0]).toContain('V100');
  expect(wrapper.emitted('update:page')).toBeUndefined();
  layout.setPageSize(undefined);
  await settle();
  expect(wrapper.emitted('update:page')?.at(-1)).toEqual([0]);
});

test('a first page that fails shows why and how to go on', async () => {
  let broken = true;
  const { wrapper } = await mountGrid({}, vi.fn(async () => {
    if (broken) throw new Error('the store is busy');
    return { rows: rows(0, 3), total: 3 };
  }));
  expect(wrapper.find('[role="alert"]').text()).toContain('the store is busy');
  broken = false;
  await wrapper.findAll('button').find((button) => button.text() === 'Try again')?.trigger('click');
  await settle();
  expect(wrapper.text()).toContain('1–3 of 3 items');
});
