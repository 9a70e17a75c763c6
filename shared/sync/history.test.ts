import { expect, test } from 'vitest';
import { historyLines } from './history.ts';

test('a history names fields and choices as the screens do, and keeps what is withheld to itself', () => {
  expect(historyLines({ resource: 'user', fields: { role: { from: 'operation', to: 'super-admin' }, name: { to: 'Asha' }, colour: { from: 'red' } } })).toEqual([
    { field: 'role', label: 'Role', type: 'enum', from: 'Operation', to: 'Super Admin' },
    { field: 'name', label: 'Name', type: 'text', to: 'Asha' },
    { field: 'colour', label: 'colour', type: undefined, from: 'red' },
  ]);
  expect(historyLines({ resource: 'preference', fields: { value: { withheld: true } } })).toEqual([{ field: 'value', label: 'Value', type: 'json' }]);
});
