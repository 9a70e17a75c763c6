import { describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../kernel/ports.ts';
import { fixtureContract, rpcFixture, type FixtureContract, type FixturePrincipal } from '../testing/rpc-fixture.ts';
import type { Channel, Message } from './channel.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Handlers } from './handlers.ts';
import { items } from './items.ts';
import { memoryChannelPair } from './memory.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A client that speaks the protocol by hand. */
function rawClient(fixture: ReturnType<typeof rpcFixture>): { channel: Channel; seen: Message[]; closed: string[] } {
  const [channel, server] = memoryChannelPair();
  const seen: Message[] = [];
  const closed: string[] = [];
  channel.onMessage((message) => void seen.push(message));
  channel.onClose((reason) => void closed.push(reason));
  fixture.dispatcher.serve(server, { address: 'raw' });
  return { channel, seen, closed };
}

describe('dispatcher', () => {
  it('does not start with a handler missing or one too many', () => {
    const options = { contract: fixtureContract, authorise: () => undefined, log: SILENT_LOG, newErrorId: () => '1' };
    const handlers = Object.fromEntries(Object.keys(fixtureContract).map((name) => [name, () => undefined])) as unknown as Handlers<FixtureContract, FixturePrincipal>;
    const { 'test.echo': _left, ...fewer } = handlers;
    // @ts-expect-error a handler is missing
    expect(() => createDispatcher<FixtureContract, FixturePrincipal>({ ...options, handlers: fewer })).toThrow('no handler for test.echo');
    const more = { ...handlers, 'test.other': () => ({}) };
    // @ts-expect-error a handler is not in the contract
    expect(() => createDispatcher<FixtureContract, FixturePrincipal, typeof more>({ ...options, handlers: more })).toThrow('test.other is not in the contract');
  });

  it('asks for a sign-in, then for the permission', async () => {
    const client = rpcFixture().connect(memoryChannelPair());
    await expect(client.call('test.whoAmI', {})).rejects.toMatchObject({ code: 'not-signed-in' });
    await client.call('test.signIn', { user: 'guest' });
    expect(await client.call('test.whoAmI', {})).toEqual({ user: 'guest' });
    await expect(client.call('test.secret', {})).rejects.toMatchObject({ code: 'forbidden' });
    await client.call('test.signIn', { user: 'root' });
    expect(await client.call('test.secret', {})).toEqual({});
  });

  it('signs out the connections that a condition names, and no others', async () => {
    const fixture = rpcFixture();
    const [one, two] = [fixture.connect(memoryChannelPair()), fixture.connect(memoryChannelPair())];
    await one.call('test.signIn', { user: 'one' });
    await two.call('test.signIn', { user: 'two' });
    fixture.dispatcher.endSessions(({ user }) => user === 'one');
    await expect(one.call('test.whoAmI', {})).rejects.toMatchObject({ code: 'not-signed-in' });
    expect(await two.call('test.whoAmI', {})).toEqual({ user: 'two' });
  });

  it('ends the streams of the user before when another signs in', async () => {
    const fixture = rpcFixture();
    const client = fixture.connect(memoryChannelPair());
    await client.call('test.signIn', { user: 'one' });
    const errors: unknown[] = [];
    client.open('test.merge', {}, { onItem: () => undefined, onError: (error) => void errors.push(error) });
    await client.call('test.signIn', { user: 'two' });
    expect(errors).toMatchObject([{ code: 'not-signed-in' }]);
  });

  it('refuses a client of another contract in words, and closes', async () => {
    const fixture = rpcFixture({ identity: { version: 3, hash: 'abc' } });
    const client = fixture.connect(memoryChannelPair(), { version: 2, hash: 'old' });
    await expect(client.call('test.double', {})).rejects.toMatchObject({ code: 'version-mismatch', details: { contract: 3, clientContract: 2 } });
    await expect(client.welcomed).rejects.toMatchObject({ code: 'version-mismatch' });
    expect(fixture.dispatcher.connections).toBe(0);
  });

  it('welcomes a client of the same contract', async () => {
    const client = rpcFixture({ identity: { version: 3, hash: 'abc' } }).connect(memoryChannelPair(), { version: 3, hash: 'abc' });
    await expect(client.welcomed).resolves.toBeUndefined();
  });

  it('refuses who does not say hello first', async () => {
    const { channel, seen, closed } = rawClient(rpcFixture());
    channel.send({ t: 'call', id: 1, name: 'test.double', input: {} });
    await settled();
    expect(seen).toMatchObject([{ t: 'refused', error: { code: 'version-mismatch' } }]);
    expect(closed.length).toBe(1);
  });

  it('bears a few messages it does not understand, then closes with a reason', async () => {
    const fixture = rpcFixture({ limits: { protocolErrors: 3 } });
    const { channel, seen, closed } = rawClient(fixture);
    channel.send({ t: 'hello', protocol: 1 });
    channel.send({ t: 'nonsense' });
    channel.send({ t: 'call', id: -1, name: 'test.double' });
    await settled();
    expect([seen.length, closed.length]).toEqual([1, 0]);
    channel.send({ t: 'credit', id: 1, add: 1e9 });
    await settled();
    expect(seen.at(-1)).toMatchObject({ t: 'refused', error: { code: 'invalid-input' } });
    expect(closed.length).toBe(1);
    expect(fixture.log.filter(({ message }) => message === 'protocol error').length).toBe(3);
  });

  it.each(['__proto__', 'constructor', 'toString', 'test.nothing', 'test.latest'])('answers a call of %s with invalid-input', async (name) => {
    const { channel, seen } = rawClient(rpcFixture());
    channel.send({ t: 'hello', protocol: 1 });
    channel.send({ t: 'call', id: 1, name, input: {} });
    await settled();
    expect(seen.at(-1)).toMatchObject({ t: 'error', id: 1, error: { code: 'invalid-input' } });
  });

  it('limits the calls and the streams of one connection', async () => {
    const fixture = rpcFixture({ limits: { calls: 2, streams: 1 } });
    const client = fixture.connect(memoryChannelPair());
    const first = client.call('test.wait', {});
    const second = client.call('test.wait', {});
    await expect(client.call('test.double', {})).rejects.toMatchObject({ code: 'unavailable' });
    for (const call of fixture.waiting) call.finish();
    await Promise.all([first, second]);
    expect(await client.call('test.double', {})).toEqual({ n: 42 });

    const errors: unknown[] = [];
    const listener = { onItem: () => undefined, onError: (error: unknown) => void errors.push(error) };
    client.open('test.latest', {}, listener);
    client.open('test.latest', {}, listener);
    await settled();
    expect(errors).toMatchObject([{ code: 'unavailable' }]);
  });

  it('notices an answer outside of the contract when it checks outputs', async () => {
    const checked = rpcFixture({ validateOutput: true });
    await expect(checked.connect(memoryChannelPair()).call('test.lie', {})).rejects.toMatchObject({ code: 'internal' });
    expect(String(checked.log[0]?.fields?.['error'])).toContain('test.lie answered outside its contract');
    expect(await rpcFixture().connect(memoryChannelPair()).call('test.lie', {})).toEqual({ n: 'not a number' });
  });

  it('drops error details that do not travel rather than the error', async () => {
    const fixture = rpcFixture();
    await expect(fixture.connect(memoryChannelPair()).call('test.fail', { how: 'no-json' })).rejects.toMatchObject({ code: 'conflict', details: undefined });
    expect(fixture.log.map(({ message }) => message)).toEqual(['error details do not travel']);
  });

  it('closes the stream of a listener that throws, and tells it', async () => {
    const fixture = rpcFixture();
    const client = fixture.connect(memoryChannelPair());
    const errors: unknown[] = [];
    client.open('test.latest', {}, { onItem: () => { throw new Error('cannot draw'); }, onError: (error) => void errors.push(error) });
    await settled();
    fixture.opened['test.latest'][0]?.sink.push({ value: 1 });
    await settled();
    expect(errors).toEqual([new Error('cannot draw')]);
    expect(fixture.opened['test.latest'][0]?.disposed).toBe(true);
  });

  it('closes every connection when it is disposed', async () => {
    const fixture = rpcFixture();
    const client = fixture.connect(memoryChannelPair());
    await client.welcomed;
    fixture.dispatcher.dispose();
    await expect(client.call('test.double', {})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('items', () => {
  it('iterates a stream, one credit at a time, and closes it when the loop is left', async () => {
    const fixture = rpcFixture();
    const client = fixture.connect(memoryChannelPair());
    const stream = () => fixture.opened['test.queue'][0];
    const seen: unknown[] = [];
    setTimeout(() => [1, 2, 3].forEach((value) => stream()?.sink.push({ value })), 0);
    for await (const item of items(client, 'test.queue', {})) {
      seen.push(item.value);
      if (seen.length === 2) break;
    }
    await settled();
    expect(seen).toEqual([1, 2]);
    expect(stream()?.disposed).toBe(true);
  });

  it('throws the error that ended the stream', async () => {
    const fixture = rpcFixture();
    const client = fixture.connect(memoryChannelPair());
    setTimeout(() => fixture.opened['test.queue'][0]?.sink.fail(new Error('boom')), 0);
    await expect(items(client, 'test.queue', {}).next()).rejects.toMatchObject({ code: 'internal' });
  });
});
