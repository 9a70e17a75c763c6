import { expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { createFakeRpc, type FakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { createConnection } from './connection.ts';

/** A host whose channels the test opens, drops and refuses, and a clock that it moves. */
function fixture() {
  let now = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  const after = (delay: number, run: () => void): Disposable => {
    const timer = { at: now + delay, run };
    timers.add(timer);
    return disposable(() => timers.delete(timer));
  };
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  async function pass(milliseconds: number): Promise<void> {
    now += milliseconds;
    for (const timer of [...timers]) {
      if (timer.at > now) continue;
      timers.delete(timer);
      timer.run();
    }
    await turn();
  }
  const host: { up: boolean; attempts: number; clients: FakeRpc[]; drop: () => void; refusal?: AppError; prepare: () => Promise<void> } = { up: true, attempts: 0, clients: [], drop: () => undefined, prepare: async () => undefined };
  let signedOut = 0;
  let outdated = 0;
  const connection = createConnection({
    async connect() {
      host.attempts += 1;
      if (!host.up) throw new AppError('unavailable', 'down');
      const listeners = new Set<(reason: string) => void>();
      const end = (reason: string) => [...listeners].forEach((listener) => listener(reason));
      host.drop = () => end('gone');
      const channel: Channel = { send: () => undefined, buffered: 0, onMessage: () => disposable(() => undefined), onClose: (listener) => (listeners.add(listener), disposable(() => listeners.delete(listener))), close: () => end('closed') };
      return channel;
    },
    createClient(channel) {
      const client = createFakeRpc({ 'workspace.list': () => ({ current: 'demo', workspaces: [] }) });
      host.clients.push(client);
      return { ...client, onClose: (listener) => channel.onClose((reason) => listener(host.refusal ?? new AppError('unavailable', 'The connection is lost.', { reason }))) };
    },
    prepare: () => host.prepare(),
    onSignedOut: () => (signedOut += 1),
    onOutdated: () => (outdated += 1),
    clock: { now: () => now, monotonic: () => now },
    scheduler: { after, every: after },
  });
  return { connection, host, pass, turn, signedOut: () => signedOut, outdated: () => outdated };
}

test('a stream that was open is open again after the connection was lost', async () => {
  const { connection, host, pass, turn } = fixture();
  const items: number[] = [];
  connection.start();
  await turn();
  connection.open('app.status', {}, { onItem: (item) => void items.push(item.asOf) });
  host.clients[0]?.push('app.status', { asOf: 1 } as never);
  host.drop();
  expect(connection.state.value).toBe('reconnecting');
  await pass(250);
  expect(connection.state.value).toBe('live');
  host.clients[1]?.push('app.status', { asOf: 2 } as never);
  expect(items).toEqual([1, 2]);
  expect(host.clients[0]?.openStreams).toEqual([]);
});

test('a stream that was closed meanwhile stays closed', async () => {
  const { connection, host, pass, turn } = fixture();
  connection.start();
  await turn();
  const stream = connection.open('app.status', {}, { onItem: () => undefined });
  host.drop();
  stream.dispose();
  await pass(250);
  expect(host.clients[1]?.openStreams).toEqual([]);
});

test('a call made while there is no connection waits for it', async () => {
  const { connection, turn } = fixture();
  const answer = connection.call('workspace.list', {});
  connection.start();
  await turn();
  await expect(answer).resolves.toEqual({ current: 'demo', workspaces: [] });
});

test('a call fails in words when no connection comes in time', async () => {
  const { connection, host, pass, turn } = fixture();
  host.up = false;
  connection.start();
  await turn();
  const answer = connection.call('workspace.list', {});
  const refused = expect(answer).rejects.toMatchObject({ code: 'unavailable' });
  await pass(5000);
  await refused;
});

test('attempts come ever more slowly, and a retry comes at once', async () => {
  const { connection, host, pass, turn } = fixture();
  host.up = false;
  connection.start();
  await turn();
  for (const delay of [250, 500, 1000, 1000, 2000, 2000, 3000, 3000]) await pass(delay);
  expect(host.attempts).toBe(9);
  host.up = true;
  connection.retry();
  await turn();
  expect([connection.state.value, connection.failure.value]).toEqual(['live', undefined]);
});

test('a core of another version says so and is not asked again by this page, whose streams wait', async () => {
  const { connection, host, pass, turn, outdated } = fixture();
  connection.start();
  await turn();
  connection.open('app.status', {}, { onItem: () => undefined });
  host.refusal = new AppError('version-mismatch', 'Reload this window.');
  // As the core does it: it refuses, then closes, while the page still asks who it is.
  host.prepare = async () => {
    host.drop();
    throw host.refusal;
  };
  host.drop();
  expect([outdated(), connection.state.value, connection.failure.value?.message]).toEqual([1, 'reconnecting', 'Reload this window.']);
  await pass(60_000);
  expect(host.attempts).toBe(1);
  connection.retry();
  await turn();
  expect([host.attempts, outdated()]).toEqual([2, 2]);
  Object.assign(host, { refusal: undefined, prepare: async () => undefined });
  connection.retry();
  await turn();
  expect([connection.state.value, connection.failure.value, host.clients.at(-1)?.openStreams]).toEqual(['live', undefined, ['app.status']]);
});

test('a refused call tells that nobody is signed in any more; a wrong password does not', async () => {
  const { connection, host, turn, signedOut } = fixture();
  connection.start();
  await turn();
  const refuse = () => {
    throw new AppError('not-signed-in', 'no');
  };
  host.clients[0]?.answer({ 'auth.signIn': refuse, 'preferences.get': refuse });
  await expect(connection.call('auth.signIn', { email: 'a@b.example', password: 'x' })).rejects.toThrow();
  expect(signedOut()).toBe(0);
  await expect(connection.call('preferences.get', { key: 'x' })).rejects.toThrow();
  expect(signedOut()).toBe(1);
});
