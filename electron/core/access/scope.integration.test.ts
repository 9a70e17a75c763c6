import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { ROLES, type Role } from '#shared/domain/access/permissions.ts';
import { verdict, type Rule } from '#shared/domain/access/policy.ts';
import { permissionsOf } from '#shared/domain/access/permissions.ts';
import { SCOPE_CASES } from '#shared/testing/scope/scope-cases.ts';
import { createScopeCheck, type ScopeCheck } from '#shared/testing/scope/scope-check.ts';
import { openScopeWorld, type ScopeWorld } from '#shared/testing/scope/scope-world.ts';

let world: ScopeWorld;
let check: ScopeCheck;
beforeAll(async () => {
  world = await openScopeWorld();
  check = createScopeCheck(world);
}, 120_000);
afterAll(() => (world as ScopeWorld | undefined)?.stop());

const names = Object.keys(contract);

test('everything that can be asked says how it behaves under a customer scope', () => {
  expect(names.filter((name) => !Object.hasOwn(SCOPE_CASES, name)), 'add a case to shared/testing/scope/scope-cases.ts').toEqual([]);
  expect(Object.keys(SCOPE_CASES).filter((name) => !names.includes(name)), 'no longer in the contract').toEqual([]);
});

describe.each(names.map((name) => [name, SCOPE_CASES[name] ?? []] as const))('%s', (name, cases) => {
  const rule = contract[name as keyof typeof contract].access as Rule;

  test('is refused to every role that does not hold its permission', async () => {
    const [first] = cases;
    if (first === undefined) return;
    const input = first.kind === 'subject' ? first.input(world.things.own, world.things) : first.input(world.things);
    for (const role of Object.keys(ROLES) as Role[]) {
      const misRole = role === 'super-admin' || role === 'admin' ? 'ADMIN' : 'USER';
      if (verdict(rule, { permissions: permissionsOf(role, misRole) }) === 'allowed') continue;
      const answer = await check.ask(await world.role(role), name, input);
      expect(answer, role).toMatchObject({ error: { code: 'forbidden', details: rule } });
    }
  });

  for (const [index, one] of cases.entries()) {
    test(`under a customer scope: ${one.kind}${cases.length > 1 ? ` (${index + 1})` : ''}`, async () => {
      expect(await check.problems(name, one)).toEqual([]);
    });
  }
});

describe('counts', () => {
  test('of alerts are those of the list', async () => {
    const { total } = await world.limited.call('alerts.list', { filter: {}, offset: 0, limit: 1 });
    const [summary] = (await check.listen(world.limited, 'alerts.summary', {})) as { tabs: Record<string, { open: number }> }[];
    expect(Object.values(summary!.tabs).reduce((sum, { open }) => sum + open, 0)).toBe(total);
    const everybody = await world.all.call('alerts.list', { filter: {}, offset: 0, limit: 1 });
    expect(everybody.total).toBeGreaterThan(total);
  });

  test('of vehicles are those of the directory', async () => {
    const { vehicles } = await world.limited.call('fleet.directory', {});
    expect((await world.limited.call('fleet.list', { filter: {}, offset: 0, limit: 1 })).total).toBe(vehicles.length);
    expect(new Set(vehicles.map(({ customerId }) => customerId))).toEqual(new Set([world.things.own.customerId]));
  });
});
