import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contract, type OutputOf } from '#shared/contract/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { createClient } from '#shared/rpc/client.ts';
import { memoryChannelPair } from '#shared/rpc/memory.ts';
import { DEMO_SIGN_IN } from '../access/demo-users.ts';
import { SqliteHistoryStore } from '../store/telemetry/sqlite-store.ts';
import { createCore } from './create-core.ts';
import type { Core } from './deps.ts';

let folder = '';
let core: Core | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'core-storage-'));
  core = await createCore({
    clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG,
    secrets: { kind: 'memory', get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    version: '0.0.0',
    brand: { name: 'Test', shortName: 'T', accentLight: '#000000', accentDark: '#ffffff' },
    workspace: 'demo',
    dataFolder: folder,
    resourcesFolder: join(import.meta.dirname, '../../../resources'),
    workerEntry: (name) => new URL(`../../workers/${name}.ts`, import.meta.url),
    nodeId: '018f0000-0000-7000-8000-000000000001',
    timeZone: 'Asia/Kolkata',
    demo: { vehicles: 20, seed: 3, simulate: true },
  });
});
afterEach(async () => {
  await core?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an administrator sees what is stored, changes how long it is kept, checks it and copies it; the copy can be sealed and read', async () => {
  const [mine, theirs] = memoryChannelPair();
  core?.connect(theirs, { address: 'test' });
  const client = createClient(contract, mine);
  await client.call('auth.signIn', DEMO_SIGN_IN);
  const until = async (meets: (storage: OutputOf<'settings.storage'>) => boolean): Promise<OutputOf<'settings.storage'>> => {
    for (;;) {
      const storage = await client.call('settings.storage', {});
      if (meets(storage)) return storage;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const first = await client.call('settings.storage', {});
  expect(first.retention).toEqual({ rawDays: 14, pointDays: 400, rollupDays: 1830 });
  await client.call('settings.setRetention', { retention: { rawDays: 7, pointDays: 30, rollupDays: 365 } });
  await expect(client.call('settings.setRetention', { retention: { rawDays: 7, pointDays: 30, rollupDays: 29 } })).rejects.toMatchObject({ code: 'refused' });
  await client.call('settings.checkStorage', {});
  expect((await until(({ check }) => check.state !== 'running')).check).toMatchObject({ state: 'done', text: 'Everything that is stored can be read.' });
  await expect(client.call('settings.backup', { folder: 'not/absolute' })).rejects.toMatchObject({ code: 'refused' });
  const { folder: target } = await client.call('settings.backup', {});
  const after = await until(({ backup }) => backup.state !== 'running');
  expect([after.backup.state, after.backup.folder, after.retention.pointDays, existsSync(join(target, 'operations.db'))]).toEqual(['done', target, 30, true]);
  const store = new SqliteHistoryStore(join(target, 'telemetry.db'), { rng: systemRng });
  try {
    const { last } = store.log;
    expect(await store.seal(Date.now() + 10 * 3_600_000)).toMatchObject({ messages: last, damaged: 0 });
    const units = store.log.units().map(({ number }) => number);
    let rows = 0;
    for (const unit of units) {
      let page = await store.rows({ unit, from: 0, to: Date.now() + 1e9, limit: 20_000 });
      rows += page.rows.length;
      while (page.next) {
        page = await store.rows({ unit, from: 0, to: Date.now() + 1e9, limit: 20_000, after: page.next });
        rows += page.rows.length;
      }
    }
    expect(rows).toBe(last);
  } finally {
    store.close();
  }
});
