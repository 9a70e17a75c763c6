import { expect, test } from 'vitest';
import { permissionsOf, type Permission, type Role } from '#shared/domain/access/permissions.ts';
import { moduleHome, moduleTabs, railModules } from '#renderer/app/navigation.ts';
import { moduleEntries } from '#renderer/app/palette/entries.ts';
import { commissioningModule } from './index.ts';

const mayOf = (role: Role) => (permission: Permission | undefined): boolean => permission === undefined || permissionsOf(role, 'USER').has(permission);
const routesFor = (role: Role): readonly string[] => moduleTabs(commissioningModule, mayOf(role)).map(({ route }) => route);
const pagesFor = (role: Role): readonly string[] => moduleEntries([commissioningModule], mayOf(role), () => undefined).map(({ id }) => id);

test.each(['operation', 'operator'] as const)('%s finds the records of commissioning and nothing to commission with', (role) => {
  expect(railModules([commissioningModule], mayOf(role)).top).toHaveLength(1);
  expect(moduleHome(commissioningModule, mayOf(role))).toEqual({ name: 'commissioning-records' });
  expect(pagesFor(role)).toEqual(['page:commissioning-records']);
});

test('a technician begins with the guided form, and does not set number patterns', () => {
  expect(moduleHome(commissioningModule, mayOf('technician'))).toEqual({ name: 'commissioning' });
  expect(routesFor('technician')).toEqual(['commissioning', 'commissioning-tray', 'commissioning-records']);
});

test('B2B does not see commissioning', () => {
  expect(railModules([commissioningModule], mayOf('b2b')).top).toEqual([]);
});

test('every page asks for at least what its tab asks for', () => {
  for (const tab of commissioningModule.tabs) {
    const asked = 'permission' in tab ? tab.permission : commissioningModule.permission;
    const meta = commissioningModule.routes.find(({ name }) => name === tab.route)?.meta;
    expect((meta !== undefined && 'permission' in meta ? meta.permission : undefined) ?? commissioningModule.permission).toBe(asked);
  }
});
