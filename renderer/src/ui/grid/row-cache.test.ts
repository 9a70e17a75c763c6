import { expect, test } from 'vitest';
import { CHUNK, createRowCache } from './row-cache.ts';
import type { GridPage, GridRequest } from './types.ts';

interface Pending {
  readonly request: GridRequest;
  answer(page: GridPage<number>): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A source whose answers the test gives by hand, in any order. */
function source() {
  const pending: Pending[] = [];
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  const load = (request: GridRequest) =>
    new Promise<GridPage<number>>((resolve, reject) => {
      pending.push({ request, answer: (page) => (resolve(page), turn()), fail: (error) => (reject(error), turn()) });
    });
  const page = (request: GridRequest, total: number, from = 0): GridPage<number> => ({ total, rows: Array.from({ length: Math.min(request.limit, total - request.offset) }, (_, i) => from + request.offset + i) });
  const take = (): Pending => {
    const next = pending.shift();
    if (!next) throw new Error('nothing was asked');
    return next;
  };
  return { pending, load, page, take };
}

test('asks for one page first, then for what is seen', async () => {
  const { load, page, take, pending } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  expect(pending).toHaveLength(1);
  const first = take();
  await first.answer(page(first.request, 1000));
  expect(cache.total.value).toBe(1000);
  cache.show(250, 290);
  const second = take();
  expect(second.request.offset).toBe(200);
  await second.answer(page(second.request, 1000));
  expect(cache.row(250)).toBe(250);
  expect(cache.row(350)).toBeUndefined();
});

test('a fast scroll asks for where it ended, not for everything it passed', async () => {
  const { load, page, take, pending } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  const first = take();
  await first.answer(page(first.request, 100_000));
  for (let row = 1000; row < 50_000; row += 500) cache.show(row, row + 30);
  expect(pending.length).toBeLessThanOrEqual(2);
  while (pending.length > 0) {
    const next = take();
    await next.answer(page(next.request, 100_000));
  }
  expect(cache.row(49_500)).toBe(49_500);
});

test('an answer to an older question is not shown', async () => {
  const { load, page, take } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  const old = take();
  cache.reset({ column: 'vin', direction: 'desc' });
  const current = take();
  expect(current.request.sort).toEqual({ column: 'vin', direction: 'desc' });
  await old.answer(page(old.request, 5));
  expect(cache.total.value).toBeUndefined();
  await current.answer(page(current.request, 3, 100));
  expect([cache.row(0), cache.total.value]).toEqual([100, 3]);
});

test('a refresh keeps the rows until the new ones come', async () => {
  const { load, page, take } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  const first = take();
  await first.answer(page(first.request, 50));
  cache.show(0, 20);
  cache.refresh();
  const again = take();
  expect(cache.row(7)).toBe(7);
  await again.answer(page(again.request, 50, 1000));
  expect(cache.row(7)).toBe(1007);
});

test('a refresh finds the first rows of a list that was empty', async () => {
  const { load, page, take } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  await take().answer({ rows: [], total: 0 });
  cache.refresh();
  const again = take();
  await again.answer(page(again.request, 2));
  expect([cache.total.value, cache.row(1)]).toEqual([2, 1]);
});

test('a failed page is told and asked for again on retry', async () => {
  const { load, page, take, pending } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  await take().fail(new Error('disk'));
  expect(cache.error.value).toBeInstanceOf(Error);
  expect(pending).toHaveLength(0);
  cache.refresh();
  const again = take();
  await again.answer(page(again.request, 1));
  expect([cache.error.value, cache.row(0)]).toEqual([undefined, 0]);
});

test('rows far from what is seen are given up', async () => {
  const { load, page, take, pending } = source();
  const cache = createRowCache(load);
  cache.reset(undefined);
  const first = take();
  await first.answer(page(first.request, 100_000));
  for (let chunk = 1; chunk < 80; chunk++) {
    cache.show(chunk * CHUNK, chunk * CHUNK + 30);
    while (pending.length > 0) {
      const next = take();
      await next.answer(page(next.request, 100_000));
    }
  }
  expect(cache.row(0)).toBeUndefined();
  expect(cache.row(79 * CHUNK)).toBe(7900);
  expect(cache.held().length).toBeLessThanOrEqual(60 * CHUNK);
});
