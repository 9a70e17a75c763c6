import { expect, test } from 'vitest';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import { createLogReader } from '#shared/domain/telemetry/logs/reader.ts';
import { Feed } from './feed.ts';

/** Feeds a candump log with a clock that only moves by waiting; returns when each message went out (ms) and how many frames it has. */
async function feed(log: string, speed: number): Promise<{ at: number; frames: number }[]> {
  let now = 5000;
  const clock = { now: () => now, monotonic: () => now };
  const receiver = new DirectReceiver(clock);
  const sent: { at: number; frames: number }[] = [];
  await receiver.start({
    message: (_topic, payload) => sent.push({ at: now - 5000, frames: new DataView(payload.buffer, payload.byteOffset).getUint16(24, true) }),
    skipped: () => undefined,
    settled: () => undefined,
  });
  const options = { receiver, topic: 'evf/1/replay/d/can', boot: 1, baseUs: 1.7e15, fromUs: 0, speed, now: () => now, wait: (milliseconds: number) => Promise.resolve(void (now += milliseconds)) };
  const own = new Feed(options);
  const reader = createLogReader((frame) => own.add(frame), 'candump');
  reader.push(new TextEncoder().encode(log));
  reader.end();
  own.flush();
  await own.deliver();
  return sent;
}

const line = (seconds: number): string => `(${seconds.toFixed(6)}) can0 100#00\n`;

test('a message covers at most a second and 500 frames', async () => {
  const sent = await feed(Array.from({ length: 25 }, (_, i) => line(i / 10)).join('') + Array.from({ length: 600 }, () => line(9)).join(''), Number.POSITIVE_INFINITY);
  expect(sent.map(({ frames }) => frames)).toEqual([10, 10, 5, 500, 100]);
});

test('keeps the pace of the recording, or a multiple of it, or none', async () => {
  const log = line(0) + line(2) + line(4);
  const at = async (speed: number): Promise<number[]> => (await feed(log, speed)).map((message) => message.at);
  expect([await at(1), await at(2), await at(Number.POSITIVE_INFINITY)]).toEqual([[0, 2000, 4000], [0, 1000, 2000], [0, 0, 0]]);
});

test('a stamp that goes back a little stays in the batch, one that goes back before it begins a new one', async () => {
  expect((await feed(line(1) + line(1.5) + line(1.4) + line(0.2) + line(0.3), Number.POSITIVE_INFINITY)).map(({ frames }) => frames)).toEqual([3, 2]);
});
