import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../kernel/error.ts';
import type { Channel, Message } from '../rpc/channel.ts';
import type { ChannelClient } from '../rpc/client.ts';
import { rpcFixture, type FixtureContract, type RpcFixture } from './rpc-fixture.ts';

/** The two ends of one connection of a transport. */
export interface ChannelPair {
  readonly client: Channel;
  readonly server: Channel;
  dispose?(): void | Promise<void>;
}

const soon = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 2 });

/** Sends everything in `messages` from one end and returns what arrived at the other. */
async function carry(from: Channel, to: Channel, messages: readonly Message[]): Promise<Message[]> {
  const arrived: Message[] = [];
  const listening = to.onMessage((message) => void arrived.push(message));
  for (const message of messages) from.send(message);
  await soon(() => expect(arrived.length).toBe(messages.length));
  listening.dispose();
  return arrived;
}

/**
 * What every transport must do alike. Each transport's own test file calls this with a way to make a connected pair.
 */
export function channelConformance(transport: string, makePair: () => Promise<ChannelPair>): void {
  const open: ChannelPair[] = [];

  async function pair(): Promise<ChannelPair> {
    const made = await makePair();
    open.push(made);
    return made;
  }

  async function connected(): Promise<{ fixture: RpcFixture; client: ChannelClient<FixtureContract>; ends: ChannelPair }> {
    const ends = await pair();
    const fixture = rpcFixture({ validateOutput: true });
    return { fixture, client: fixture.connect([ends.client, ends.server]), ends };
  }

  afterEach(async () => {
    for (const { client, server, dispose } of open.splice(0)) {
      client.close();
      server.close();
      await dispose?.();
    }
  });

  describe(`${transport}: channel`, () => {
    it('keeps the order of messages in both directions', async () => {
      const { client, server } = await pair();
      const sent = Array.from({ length: 500 }, (_, n) => (n % 3 === 0 ? { n, bytes: new Uint8Array(n) } : { n }));
      expect((await carry(client, server, sent)).map((message) => message['n'])).toEqual(sent.map(({ n }) => n));
      expect((await carry(server, client, sent)).map((message) => message['n'])).toEqual(sent.map(({ n }) => n));
    });

    it('carries typed arrays of every kind, with their type and exact values', async () => {
      const { client, server } = await pair();
      const message = {
        u8: Uint8Array.of(0, 1, 255),
        u16: Uint16Array.of(0, 65_535, 7),
        u32: Uint32Array.of(4_294_967_295),
        i32: Int32Array.of(-2_147_483_648, 5, 2_147_483_647),
        f32: Float32Array.of(1.5, -0),
        f64: Float64Array.of(Math.PI, Number.MAX_VALUE, Number.MIN_VALUE),
        empty: new Float64Array(0),
        nested: { list: [{ deep: Uint16Array.of(1, 2) }, 'text', [Uint8Array.of(9)]] },
      };
      const [arrived] = await carry(server, client, [message]);
      expect(arrived).toEqual(message);
      expect(arrived?.['u16']).toBeInstanceOf(Uint16Array);
    });

    it('carries NaN, infinities and negative zero inside typed arrays', async () => {
      const { client, server } = await pair();
      const values = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0);
      const [arrived] = await carry(server, client, [{ values, small: Float32Array.from(values) }]);
      expect(Array.from(arrived?.['values'] as Float64Array)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
      expect(Array.from(arrived?.['small'] as Float32Array)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
    });

    it('carries a view into a larger buffer as its own elements only, wherever it begins', async () => {
      const { client, server } = await pair();
      const buffer = new ArrayBuffer(80);
      const all = new Float32Array(buffer);
      all.set([...all.keys()]);
      const [arrived] = await carry(server, client, [{ odd: new Uint8Array(buffer, 3, 5), floats: new Float32Array(buffer, 4, 3), doubles: new Float64Array(buffer, 8, 2) }]);
      expect(arrived).toEqual({ odd: new Uint8Array(buffer.slice(3, 8)), floats: Float32Array.of(1, 2, 3), doubles: new Float64Array(buffer.slice(8, 24)) });
      for (const key of ['odd', 'floats', 'doubles']) expect((arrived?.[key] as Uint8Array).byteOffset % 4).toBe(0);
    });

    it('carries a copy: the sender may go on using and changing what it sent', async () => {
      const { client, server } = await pair();
      const array = Float64Array.of(1, 2, 3);
      const list = ['a'];
      const arrived = carry(server, client, [{ array, list }]);
      array.fill(0);
      list.push('b');
      expect(await arrived).toEqual([{ array: Float64Array.of(1, 2, 3), list: ['a'] }]);
      expect(array.length).toBe(3);
    });

    it('leaves undefined members out and keeps null, empty and non-Latin text', async () => {
      const { client, server } = await pair();
      const [arrived] = await carry(client, server, [{ here: 'नमस्ते 🛺', gone: undefined, nothing: null, inner: { gone: undefined }, empty: '' }]);
      expect(arrived).toStrictEqual({ here: 'नमस्ते 🛺', nothing: null, inner: {}, empty: '' });
    });

    it.each([
      ['a date', new Date(0)],
      ['NaN outside of a typed array', Number.NaN],
      ['a map', new Map()],
      ['a function', () => undefined],
      ['undefined in a list', [undefined]],
      ['a big integer', 1n],
    ])('refuses to send %s, naming where it is', async (_what, value) => {
      const { client } = await pair();
      expect(() => client.send({ outer: { wrong: value } })).toThrow(/^outer\.wrong/);
    });

    it('carries messages of many megabytes', async () => {
      const { client, server } = await pair();
      const values = new Float64Array(1_000_000).map((_, n) => n / 3);
      const text = 'x'.repeat(3_000_000);
      const [arrived] = await carry(server, client, [{ values, text }]);
      expect(arrived?.['values']).toEqual(values);
      expect((arrived?.['text'] as string).length).toBe(text.length);
    });

    it('delivers what was sent before closing, then tells both sides once', async () => {
      const { client, server } = await pair();
      const events: string[] = [];
      client.onMessage((message) => void events.push(String(message['n'])));
      client.onClose((reason) => void events.push(reason));
      server.onClose((reason) => void events.push(`own: ${reason}`));
      server.send({ n: 1 });
      server.send({ n: 2 });
      server.close('enough');
      server.close('twice');
      server.send({ n: 3 });
      await soon(() => expect(events).toEqual(['own: enough', '1', '2', 'enough']));
    });

    it('keeps messages for a listener that comes a little late, and tells a late close listener', async () => {
      const { client, server } = await pair();
      client.send({ n: 1 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const arrived: Message[] = [];
      server.onMessage((message) => void arrived.push(message));
      await soon(() => expect(arrived).toEqual([{ n: 1 }]));
      client.close('gone');
      await soon(() => {
        const reasons: string[] = [];
        server.onClose((reason) => void reasons.push(reason));
        expect(reasons).toEqual(['gone']);
      });
    });
  });

  describe(`${transport}: calls`, () => {
    it('answers every call with its own result', async () => {
      const { client } = await connected();
      const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => client.call('test.double', { n })));
      expect(answers.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, n) => n * 2));
    });

    it('applies the defaults of the schema to the input', async () => {
      const { client } = await connected();
      expect(await client.call('test.double', {})).toEqual({ n: 42 });
    });

    it('returns typed arrays from a call', async () => {
      const { client } = await connected();
      expect(await client.call('test.echo', { value: { times: Float64Array.of(1, Number.NaN) } })).toEqual({ value: { times: Float64Array.of(1, Number.NaN) } });
    });

    it('carries expected errors with code, message and details', async () => {
      const { client } = await connected();
      const error = await client.call('test.fail', { how: 'expected' }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'conflict', message: 'Somebody else has it.', details: { holder: 'other', fields: ['vin'] } });
    });

    it('turns an unexpected error into an id that is also in the log, and tells nothing else', async () => {
      const { client, fixture } = await connected();
      const error = (await client.call('test.fail', { how: 'unexpected' }).catch((e: unknown) => e)) as AppError;
      expect(error.code).toBe('internal');
      expect(error.message).toContain('E-1');
      expect(error.message).not.toContain('fire');
      expect(fixture.log).toContainEqual({ message: 'unexpected error', fields: { name: 'test.fail', errorId: 'E-1', error: new Error('the disk is on fire') } });
    });

    it('rejects input that does not fit, naming the field', async () => {
      const { client } = await connected();
      const error = await client.call('test.double', { n: 'x' as unknown as number }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'invalid-input', details: { issues: [{ path: 'n' }] } });
    });

    it('tells the handler of a cancelled call and rejects at once', async () => {
      const { client, fixture } = await connected();
      const abort = new AbortController();
      const call = client.call('test.wait', {}, { signal: abort.signal });
      await soon(() => expect(fixture.waiting.length).toBe(1));
      abort.abort();
      await expect(call).rejects.toMatchObject({ code: 'cancelled' });
      await soon(() => expect(fixture.waiting[0]?.cancelled.requested).toBe(true));
      fixture.waiting[0]?.finish();
      expect(await client.call('test.double', { n: 1 })).toEqual({ n: 2 });
    });

    it('rejects calls under way and later ones when the connection closes', async () => {
      const { client, fixture, ends } = await connected();
      const call = client.call('test.wait', {});
      await soon(() => expect(fixture.waiting.length).toBe(1));
      ends.server.close('power cut');
      await expect(call).rejects.toMatchObject({ code: 'unavailable' });
      await expect(client.call('test.double', {})).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('tells running handlers when the client goes away', async () => {
      const { client, fixture } = await connected();
      client.call('test.wait', {}).catch(() => undefined);
      await soon(() => expect(fixture.waiting.length).toBe(1));
      client.close();
      await soon(() => expect(fixture.waiting[0]?.cancelled.requested).toBe(true));
      await soon(() => expect(fixture.dispatcher.connections).toBe(0));
    });
  });

  describe(`${transport}: streams`, () => {
    async function stream(name: 'test.latest' | 'test.queue' | 'test.merge') {
      const { client, fixture, ends } = await connected();
      if (name === 'test.merge') await client.call('test.signIn', { user: 'a' });
      const seen: unknown[] = [];
      const release: (() => void)[] = [];
      const errors: unknown[] = [];
      let ended = false;
      const handle = client.open(name, {}, {
        onItem(item, { dropped }) {
          seen.push(dropped === 0 ? item.value : [item.value, `${dropped} dropped`]);
          return new Promise((resolve) => release.push(resolve));
        },
        onError: (error) => void errors.push(error),
        onEnd: () => void (ended = true),
      });
      await soon(() => expect(fixture.opened[name].length).toBe(1));
      const opened = fixture.opened[name][0];
      if (opened === undefined) throw new Error('not opened');
      return { client, fixture, ends, seen, errors, handle, opened, sink: opened.sink, isEnded: () => ended, consume: () => release.shift()?.() };
    }

    it('sends no more items than were granted, and the newest one after that (latest)', async () => {
      const { sink, seen, consume } = await stream('test.latest');
      for (let n = 1; n <= 100; n++) sink.push({ value: n });
      await soon(() => expect(seen).toEqual([1, 2]));
      consume();
      await soon(() => expect(seen).toEqual([1, 2, 100]));
    });

    it('keeps items in order up to the bound, then drops and counts the oldest (queue)', async () => {
      const { sink, seen, consume } = await stream('test.queue');
      for (let n = 1; n <= 10; n++) sink.push({ value: n });
      await soon(() => expect(seen).toEqual([1, 2]));
      consume();
      consume();
      await soon(() => expect(seen).toEqual([1, 2, [8, '5 dropped'], 9]));
    });

    it('builds an item only when there is credit for it (merge)', async () => {
      const { sink, seen, consume } = await stream('test.merge');
      let built = 0;
      let newest = 0;
      sink.source(() => {
        built++;
        return { value: newest };
      });
      for (newest = 1; newest <= 50; newest++) sink.ready();
      await soon(() => expect(seen).toEqual([1, 2]));
      expect(built).toBe(2);
      consume();
      await soon(() => expect(seen).toEqual([1, 2, 51]));
      expect(built).toBe(3);
    });

    it('delivers what waits before a stream ends', async () => {
      const { sink, seen, consume, isEnded, opened } = await stream('test.queue');
      for (let n = 1; n <= 4; n++) sink.push({ value: n });
      sink.end();
      await soon(() => expect(seen).toEqual([1, 2]));
      consume();
      consume();
      await soon(() => expect([seen, isEnded()]).toEqual([[1, 2, 3, 4], true]));
      expect(opened.disposed).toBe(true);
    });

    it('reports the error that ends a stream', async () => {
      const { sink, errors, opened } = await stream('test.latest');
      sink.fail(new AppError('store-full', 'The disk is full. Free some space.'));
      await soon(() => expect(errors).toMatchObject([{ code: 'store-full' }]));
      expect(opened.disposed).toBe(true);
    });

    it('releases the handler when the client closes the stream, and calls no listener after', async () => {
      const { sink, handle, opened, seen, errors, client } = await stream('test.latest');
      handle.dispose();
      sink.push({ value: 'late' });
      await soon(() => expect(opened.disposed).toBe(true));
      await client.call('test.double', {});
      expect([seen, errors]).toEqual([[], []]);
    });

    it('ends streams with an error when the connection closes', async () => {
      const { ends, errors, opened } = await stream('test.latest');
      ends.server.close('power cut');
      await soon(() => expect(errors).toMatchObject([{ code: 'unavailable' }]));
      expect(opened.disposed).toBe(true);
    });

    it('ends the streams of a principal whose session ends', async () => {
      const { fixture, errors, opened, client } = await stream('test.merge');
      fixture.dispatcher.endSession('session of a');
      await soon(() => expect(errors).toMatchObject([{ code: 'not-signed-in' }]));
      expect(opened.disposed).toBe(true);
      await expect(client.call('test.whoAmI', {})).rejects.toMatchObject({ code: 'not-signed-in' });
    });
  });
}
