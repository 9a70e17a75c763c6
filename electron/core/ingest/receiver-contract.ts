import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Receiver, ReceiverSink, SkipReason } from './receiver.ts';

export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly delivery: number;
  readonly token: number;
}

const PROBE = 'evf/1/f/probe/evt';

/** Keeps what a receiver delivers, but for probes; acknowledges at once where told to. */
export class CollectingSink implements ReceiverSink {
  readonly messages: Received[] = [];
  readonly refused: { readonly topic: string; readonly reason: SkipReason; readonly length: number }[] = [];
  settledCount = 0;
  acknowledge: Receiver | undefined;
  #probed: (() => void) | undefined;
  #waiting: { count: number; resolve: () => void }[] = [];

  message(topic: string, payload: Uint8Array, _receivedAt: number, delivery: number, token: number): void {
    if (topic === PROBE) {
      if (delivery === 0) this.#probed?.();
      return;
    }
    this.messages.push({ topic, text: new TextDecoder().decode(payload), delivery, token });
    if (token > 0) this.acknowledge?.acknowledge([token], 1);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.messages.length < count) return true;
      resolve();
      return false;
    });
  }

  skipped(topic: string, reason: SkipReason, length: number, _receivedAt: number, token: number): void {
    this.refused.push({ topic, reason, length });
    if (token > 0) this.acknowledge?.acknowledge([token], 1);
  }

  settled(): void {
    this.settledCount++;
  }

  /**
   * Resolves when what is published comes in, and as a live message: the subscription stands, and the backlog of a session is over. Probes
   * have QoS 0 and are not kept. `publish` publishes an empty message on the topic given.
   */
  async live(publish: (topic: string) => Promise<unknown>): Promise<void> {
    let arrived = false;
    const arrival = new Promise<void>((resolve) => {
      this.#probed = () => {
        arrived = true;
        resolve();
      };
    });
    while (!arrived) {
      await publish(PROBE);
      await Promise.race([arrival, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  }

  /** Resolves when so many messages have come in all. */
  reached(count: number): Promise<void> {
    if (this.messages.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  get texts(): string[] {
    return this.messages.map((message) => message.text);
  }
}

export interface ReceiverHarness {
  readonly receiver: Receiver;
  /** A client that signs in as this unit, connected. */
  unit(device: string): Promise<MqttClient>;
  /**
   * Breaks and makes anew the connection that redelivery depends on: the unit's own with the embedded broker, the receiver's with any
   * other. The receiver may be another one afterwards.
   */
  interrupt(device: string, sink: ReceiverSink): Promise<Receiver>;
  close(): Promise<void>;
}

/** Resolves when the broker has taken everything that the receiver sent before: brokers take a client's packets in order. */
export function roundTrip(receiver: Receiver): Promise<void> {
  return receiver.publish('evf/1/f/probe/cmd/p', new Uint8Array(), { qos: 1, retain: false });
}

/** What every receiver has to do. Topics are below evf/1/f. */
export function describeReceiver(name: string, make: () => Promise<ReceiverHarness>): void {
  describe(`${name} as a receiver`, () => {
    let harness: ReceiverHarness;
    let sink: CollectingSink;

    beforeEach(async () => {
      harness = await make();
      sink = new CollectingSink();
    });
    afterEach(() => harness.close());

    async function start(acknowledge: boolean): Promise<void> {
      if (acknowledge) sink.acknowledge = harness.receiver;
      const connected = harness.receiver.state.state === 'connected' ? undefined : new Promise<void>((resolve) => harness.receiver.onState.on((state) => state.state === 'connected' && resolve()));
      await harness.receiver.start(sink);
      await connected;
      // The subscription of an external receiver follows its connection.
      const probe = await harness.unit('probe');
      await sink.live((to) => probe.publishAsync(to, '', { qos: 0 }));
    }

    test('delivers topic, payload and whether an acknowledgement is asked for', async () => {
      await start(true);
      const settled = sink.settledCount;
      const unit = await harness.unit('unit-1');
      await unit.publishAsync('evf/1/f/unit-1/sig', 'a', { qos: 0 });
      await unit.publishAsync('evf/1/f/unit-1/evt', 'b', { qos: 1 });
      await unit.publishAsync('evf/1/f/unit-1/cmd/c1/ack', 'c', { qos: 1 });
      await sink.reached(3);
      expect(sink.messages.map(({ topic, text, delivery, token }) => [topic, text, delivery, token > 0])).toEqual([
        ['evf/1/f/unit-1/sig', 'a', 0, false],
        ['evf/1/f/unit-1/evt', 'b', 0, true],
        ['evf/1/f/unit-1/cmd/c1/ack', 'c', 0, true],
      ]);
      await vi.waitFor(() => expect(sink.settledCount).toBeGreaterThan(settled), { timeout: 30_000 });
      expect(harness.receiver.state).toMatchObject({ state: 'connected' });
    });

    test('what was not acknowledged comes again, what was does not', async () => {
      await start(false);
      const unit = await harness.unit('unit-1');
      const confirmed = new Set<string>();
      for (let i = 0; i < 6; i++) unit.publish('evf/1/f/unit-1/evt', `m${i}`, { qos: 1 }, (error) => void (error || confirmed.add(`m${i}`)));
      await sink.reached(6);
      const tokens = sink.messages.map((message) => message.token);
      // Embedded batches are acknowledged whole: take everything of the batches up to the third message.
      const acknowledged = new Set(sink.messages.slice(0, 3).map((message) => message.token));
      const first = sink.messages.filter((message) => acknowledged.has(message.token));
      harness.receiver.acknowledge(tokens.filter((token) => acknowledged.has(token)), first.length);
      // The embedded broker tells the unit, any other takes it from the receiver.
      await vi.waitFor(() => expect([...confirmed]).toEqual(expect.arrayContaining(first.map((message) => message.text))), { timeout: 30_000 });
      await roundTrip(harness.receiver);
      const left = sink.messages.slice(first.length).map((message) => message.text);
      const second = new CollectingSink();
      const receiver = await harness.interrupt('unit-1', second);
      second.acknowledge = receiver;
      const target = receiver === harness.receiver ? sink : second;
      const before = target === sink ? 6 : 0;
      const marked = await harness.unit('unit-2');
      await marked.publishAsync('evf/1/f/unit-2/evt', 'end', { qos: 0 });
      await target.reached(before + left.length + 1);
      expect(target.texts.slice(before).filter((text) => text !== 'end').sort()).toEqual(left.sort());
      // Tokens of before mean nothing any more.
      receiver.acknowledge(tokens, tokens.length);
    });

    test('while paused nothing is lost, and the order of a unit stays within a QoS', async () => {
      await start(true);
      const unit = await harness.unit('unit-1');
      harness.receiver.pause();
      for (let i = 0; i < 300; i++) unit.publish('evf/1/f/unit-1/sig', String(i), { qos: i % 2 === 0 ? 1 : 0 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      harness.receiver.resume();
      await sink.reached(300);
      for (const acknowledged of [true, false]) {
        const numbers = sink.messages.filter((message) => message.token > 0 === acknowledged).map((message) => Number(message.text));
        expect(numbers).toEqual(Array.from({ length: 150 }, (_, i) => i * 2 + (acknowledged ? 0 : 1)));
      }
    });

    test('thousands of acknowledged messages arrive once each, in order', async () => {
      await start(true);
      const unit = await harness.unit('unit-1');
      await Promise.all(Array.from({ length: 3000 }, (_, i) => unit.publishAsync('evf/1/f/unit-1/can', String(i), { qos: 1 })));
      await sink.reached(3000);
      expect(sink.texts).toEqual(Array.from({ length: 3000 }, (_, i) => String(i)));
    });

    test('publishes to a unit that listens to its commands', async () => {
      await start(true);
      const unit = await harness.unit('unit-1');
      await unit.subscribeAsync('evf/1/f/unit-1/cmd/+', { qos: 1 });
      const message = new Promise<[string, Buffer]>((resolve) => unit.once('message', (topic, payload) => resolve([topic, payload])));
      await harness.receiver.publish('evf/1/f/unit-1/cmd/c7', new TextEncoder().encode('{"v":1}'), { qos: 1, retain: false });
      const [topic, payload] = await message;
      expect([topic, payload.toString()]).toEqual(['evf/1/f/unit-1/cmd/c7', '{"v":1}']);
    });

    test('says that it is offline once it is stopped, and publishes no more', async () => {
      await start(true);
      await harness.receiver.stop();
      expect(harness.receiver.state.state).toBe('offline');
      await expect(harness.receiver.publish('evf/1/f/unit-1/cmd/c7', new Uint8Array(), { qos: 1, retain: false })).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
}
