import { describe, expect, test } from 'vitest';
import { contract } from '../../contract/index.ts';
import { PERMISSIONS, permissionsOf, ROLES, type Permission, type Role } from './permissions.ts';
import { inScope } from './principal.ts';
import { isPermission, verdict, type Rule } from './policy.ts';

const entries = Object.entries(contract) as [string, { access: Rule }][];
const roles = Object.keys(ROLES) as Role[];
const callable = (role: Role, misRole: 'ADMIN' | 'USER' = 'USER'): string[] => entries.filter(([, entry]) => verdict(entry.access, { permissions: permissionsOf(role, misRole) }) === 'allowed').map(([name]) => name);

/** What can be called before sign-in; a name that is added here is reachable by anybody who reaches the port. */
const PUBLIC = ['app.info', 'workspace.list', 'workspace.open', 'auth.signIn', 'auth.resume', 'auth.createFirstUser', 'auth.resetPassword', 'wallboard.signIn'];

describe.each(entries)('access to %s', (_name, entry) => {
  test('has a rule whose permission exists and is held by some role', () => {
    const rule = entry.access;
    if (typeof rule === 'string') {
      expect(['public', 'signed-in']).toContain(rule);
      return;
    }
    expect(Object.keys(PERMISSIONS)).toContain(rule.permission);
    expect(roles.some((role) => permissionsOf(role, 'ADMIN').has(rule.permission as Permission))).toBe(true);
  });

  test.each(roles)('for %s is what its permissions say', (role) => {
    for (const misRole of ['ADMIN', 'USER'] as const) {
      const permissions = permissionsOf(role, misRole);
      const rule = entry.access;
      const expected = typeof rule === 'string' || permissions.has(rule.permission as Permission) ? 'allowed' : 'forbidden';
      expect(verdict(rule, { permissions })).toBe(expected);
    }
    expect(verdict(entry.access, undefined)).toBe(entry.access === 'public' ? 'allowed' : 'not-signed-in');
  });
});

describe('the policy', () => {
  test('opens nothing before sign-in but what the login page needs', () => {
    expect(entries.filter(([, entry]) => entry.access === 'public').map(([name]) => name).sort()).toEqual([...PUBLIC].sort());
  });

  test('a permission that nobody knows is held by nobody', () => {
    expect(isPermission('toString')).toBe(false);
    expect(verdict({ permission: 'fleet.reed' }, { permissions: permissionsOf('super-admin', 'ADMIN') })).toBe('forbidden');
  });

  test('B2B sees vehicles and sales, and neither users nor settings nor intake', () => {
    const names = callable('b2b');
    expect(names).toContain('fleet.live');
    expect(names.filter((name) => /^(auth\.(users|issue)|settings\.|intake\.)/.test(name))).toEqual([]);
  });

  test.each(['operation', 'operator', 'technician', 'b2b'] as const)('%s changes neither settings nor users nor master data', (role) => {
    const held = permissionsOf(role, 'ADMIN');
    expect(['settings.manage', 'users.manage', 'admin.write'].filter((permission) => held.has(permission as Permission))).toEqual([]);
    expect(callable(role).filter((name) => /^settings\.(set|test)|^auth\.issue/.test(name))).toEqual([]);
  });

  test('batteries are swapped by those who work with vehicles, and by nobody who only reads', () => {
    expect(roles.filter((role) => callable(role).includes('stations.swap'))).toEqual(['super-admin', 'admin', 'operator', 'technician']);
  });

  test('the MIS role alone opens the MIS dashboards', () => {
    for (const role of roles) expect([permissionsOf(role, 'ADMIN').has('mis.read'), permissionsOf(role, 'USER').has('mis.read')]).toEqual([true, false]);
  });

  test('a vehicle without a customer is seen by those who see all', () => {
    expect([inScope('all', undefined), inScope(new Set(['c1']), undefined), inScope(new Set(['c1']), 'c1'), inScope(new Set(['c1']), 'c2')]).toEqual([true, false, true, false]);
  });
});
