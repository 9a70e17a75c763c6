import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import { encodeCanBinary, encodeCanJson, encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { openIngest } from './ingest-setup.ts';
import { hold, type Fault } from './types.ts';

const USUAL = 1_000_000;
const GROWTH = 10 * 1024 * 1024;
const SUFFIXES = ['sig', 'can', 'state', 'meta', 'dtc', 'stat', 'evt', 'cmd/1', 'cmd/1/ack', 'nonsense'];
const TEXTS = ['{"v":1,"t0":NaN}', '{"v":1,"boot":1e999,"seq":-1,"s":[[0,"soc",1e400]]}', '[[[[[[[[[[[[[[[[[[[[', '{"v":1,"s":[[0,"soc",null]]}', '', '\u0000', '{"__proto__":{"v":1}}', '"'.repeat(3000), '{"a":'.repeat(2000), '٣', '{"v":1e0,"t":"now"}'];

/** Bytes in use after a collection. */
function memoryInUse(collect: () => void): number {
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** F8: payloads and topics of every wrong kind, through the whole pipeline. */
export const malformed: Fault = {
  name: 'malformed',
  describe: 'bit flips, truncation, deep JSON, NaN, huge payloads, odd topics: nothing is thrown, memory stays, counts are exact',
  async run({ scale, seed, say }) {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const total = Math.round(USUAL * scale);
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'malformed-'));
    const { ingest } = await openIngest(folder);
    const receiver = new DirectReceiver(systemClock);
    await ingest.receive(receiver);
    let decoded = 0;
    ingest.pipeline.onDecoded.on(() => decoded++);
    const { counters } = ingest.pipeline;
    const good = [
      encodeSignals({ boot: 1, seq: 1, up: 1, t0: systemClock.now(), values: [[0, 'soc', 50], [0, 'lat', 12.9], [0, 'lon', 77.6]] }),
      encodeCanJson({ boot: 1, seq: 2, up: 1, t0: systemClock.now() * 1000, bus: 0, frames: [{ dt: 0, id: 256, data: new Uint8Array(8) }] }),
      encodeCanBinary({ boot: 1, seq: 3, up: 1, t0: systemClock.now() * 1000, bus: 0, frames: [{ dt: 0, id: 256, data: new Uint8Array(8) }] }),
    ];
    const text = new TextEncoder();
    const huge = new Uint8Array(300_000).fill(0x7b);
    const payload = (): Uint8Array => {
      const kind = random.below(100);
      const base = good[random.below(good.length)] as Uint8Array;
      if (kind < 45) {
        const bytes = base.slice();
        for (let flips = 1 + random.below(8); flips > 0; flips--) {
          const at = random.below(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        }
        return bytes;
      }
      if (kind < 75) return base.slice(0, random.below(base.length));
      if (kind < 95) return text.encode(TEXTS[random.below(TEXTS.length)]);
      if (kind < 96) return huge;
      return Uint8Array.from({ length: random.below(200) }, () => random.below(256));
    };
    const topic = (): string => {
      const device = `unit-${random.below(50)}`;
      return random.below(20) === 0 ? ['', '/', 'evf', 'evf/1/f//sig', `evf/1/f/${'x'.repeat(300)}/sig`, 'evf/1/f/a b/sig', '$SYS/x', 'ovms/u/v', '\u0000'][random.below(9)] ?? '' : `evf/1/f/${device}/${SUFFIXES[random.below(SUFFIXES.length)]}`;
    };
    const before = process.listeners('uncaughtException').length;
    let sent = 0;
    const feed = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        receiver.deliver(topic(), payload(), { qos: i % 2 === 0 ? 1 : 0 });
        sent++;
        if (i % 500 !== 499) continue;
        receiver.settle();
        await receiver.ready();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await ingest.pipeline.queue.drain();
    };
    try {
      await feed(Math.min(60_000, total));
      const start = memoryInUse(collect);
      await feed(Math.max(0, total - sent));
      const growth = memoryInUse(collect) - start;
      say(`${sent.toLocaleString('en-US')} sent: ${counters.rejected} rejected, ${counters.unrouted} on unknown topics, ${counters.duplicates} repeated, ${decoded} read; memory ${(growth / 1048576).toFixed(1)} MB`);
      hold(process.listeners('uncaughtException').length === before, 'something listens for uncaught errors');
      hold(counters.received === sent, `${counters.received} counted of ${sent}`);
      hold(counters.rejected + counters.unrouted + counters.duplicates + decoded === sent, 'the counts do not add up');
      hold(receiver.open.size === 0, `${receiver.open.size} messages were not acknowledged`);
      hold(counters.shed === 0 && counters.refusedMessages === 0, 'messages were lost');
      hold(growth < GROWTH, `memory grew by ${growth} bytes`);
      const listed = ingest.devices({ problemsOnly: false, offset: 0, limit: 500 }).devices.reduce((sum, device) => sum + device.malformed, 0);
      hold(listed === counters.rejected + counters.unrouted, `the devices' counts add up to ${listed}`);
      return `${sent.toLocaleString('en-US')} payloads, memory ${(growth / 1048576).toFixed(1)} MB`;
    } finally {
      await ingest.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
