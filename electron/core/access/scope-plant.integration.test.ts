import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ScopeCase } from '#shared/testing/scope/scope-case.ts';
import { SCOPE_CASES } from '#shared/testing/scope/scope-cases.ts';
import { createScopeCheck, type ScopeCheck } from '#shared/testing/scope/scope-check.ts';
import { openScopeWorld, type ScopeWorld } from '#shared/testing/scope/scope-world.ts';

// The planted fault: lists and single rows are read for everybody. What tells nobody of it would not tell of the fault itself.
vi.mock('../store/operations/list-scope.ts', () => ({ scopeCondition: () => undefined, listScopeCondition: () => undefined }));

let world: ScopeWorld;
let check: ScopeCheck;
beforeAll(async () => {
  world = await openScopeWorld();
  check = createScopeCheck(world);
}, 120_000);
afterAll(() => (world as ScopeWorld | undefined)?.stop());

const PLANTED = ['customer', 'product', 'sale', 'groupMember', 'lease'].flatMap((key) => ['list', 'get', 'history', 'export'].map((verb) => `${key}.${verb}`));

test.each(PLANTED)('the cases of %s notice that the scope is missing in its SQL', async (name) => {
  const [one] = SCOPE_CASES[name] as readonly ScopeCase[];
  expect(await check.problems(name, one!)).not.toEqual([]);
});
