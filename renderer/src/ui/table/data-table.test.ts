import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { h } from 'vue';
import DataTable from './DataTable.vue';
import type { TableColumn } from './table.ts';

interface Row {
  readonly id: string;
  readonly count?: number;
}
const columns: readonly TableColumn<Row>[] = [
  { key: 'id', title: 'Name', header: true, text: (row) => row.id },
  { key: 'count', title: 'Count', align: 'right', text: (row) => row.count },
  { key: 'act', title: 'Actions', quiet: true },
];
const table = (rows: readonly Row[]) => mount(DataTable<Row>, { props: { columns, rows, rowKey: (row: Row) => row.id, rowClass: (row: Row) => (row.id === 'b' ? 'chosen' : undefined), empty: 'Nothing yet' }, slots: { act: ({ row }: { row: Row }) => h('button', `Open ${row.id}`) } });

test('heads its columns, names its rows, draws slots, and shows a dash where there is no value', () => {
  const wrapper = table([{ id: 'a', count: 3 }, { id: 'b' }]);
  expect(wrapper.findAll('thead th[scope="col"]').map((cell) => cell.text())).toEqual(['Name', 'Count', 'Actions']);
  expect(wrapper.findAll('tbody th[scope="row"]').map((cell) => cell.text())).toEqual(['a', 'b']);
  expect(wrapper.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))).toEqual([['3', 'Open a'], ['–', 'Open b']]);
  expect(wrapper.findAll('tbody tr').map((row) => row.classes('chosen'))).toEqual([false, true]);
  expect(wrapper.findAll('.right')).toHaveLength(3);
});

test('says that there is nothing', () => {
  expect(table([]).find('tbody').text()).toBe('Nothing yet');
});
