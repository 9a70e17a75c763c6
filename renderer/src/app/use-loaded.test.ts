import { expect, test } from 'vitest';
import { effectScope } from 'vue';
import { useLoaded, type Loaded } from './use-loaded.ts';

/** A question whose answers are given by hand, in any order. */
function asked() {
  const open: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  const scope = effectScope();
  const loaded = scope.run(() => useLoaded(() => new Promise<string>((resolve, reject) => open.push({ resolve, reject })))) as Loaded<string>;
  return { open, scope, loaded };
}

test('an answer out of turn does not replace a newer one', async () => {
  const { open, loaded } = asked();
  const runs = [loaded.load(), loaded.load()];
  open[1]!.resolve('second');
  open[0]!.resolve('first');
  await Promise.all(runs);
  expect(loaded.value.value).toBe('second');
});

test('a failure is shown until an answer comes; one out of turn is not', async () => {
  const { open, loaded } = asked();
  const runs = [loaded.load()];
  open[0]!.reject(new Error('lost'));
  await Promise.all(runs);
  expect(loaded.failure.value).toEqual(new Error('lost'));
  runs.push(loaded.load(), loaded.load());
  open[2]!.resolve('there');
  open[1]!.reject(new Error('late'));
  await Promise.all(runs);
  expect([loaded.failure.value, loaded.value.value]).toEqual([undefined, 'there']);
});

test('what was cleared stays so, whatever is still under way', async () => {
  const { open, loaded } = asked();
  const run = loaded.load();
  loaded.clear();
  open[0]!.resolve('late');
  await run;
  expect(loaded.value.value).toBeUndefined();
});
