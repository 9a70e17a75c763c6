import { expect, test } from 'vitest';
import { simulate } from '#shared/testing/sim/simulate.ts';
import { openSqliteReplica } from '#shared/testing/sim/sqlite-replica.ts';

test('simulated consoles over their own database come right again as those in memory do', async () => {
  for (let seed = 501; seed <= 508; seed++) {
    const open: { close(): void }[] = [];
    const openReplica = () => {
      const store = openSqliteReplica();
      open.push(store);
      return store;
    };
    const stored = await simulate({ seed, openReplica });
    for (const store of open) store.close();
    expect(stored.problems).toEqual([]);
  }
});
