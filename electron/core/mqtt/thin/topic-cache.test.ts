import { expect, test } from 'vitest';
import { SeededRandom } from '#shared/testing/random.ts';
import { SEED } from '#shared/testing/seed.ts';
import { TopicCache } from './topic-cache.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const find = (cache: TopicCache, text: string): string => {
  const bytes = bytesOf(`..${text}..`);
  return cache.find(bytes, 2, bytes.length - 2);
};

test('every topic is told from every other, over growth', () => {
  const cache = new TopicCache();
  const topics = Array.from({ length: 20_000 }, (_, i) => `evf/1/fleet/DEV${i}/can`);
  for (let round = 0; round < 2; round++) for (const topic of topics) expect(find(cache, topic)).toBe(topic);
  expect(cache.size).toBeGreaterThan(19_900);
  expect(find(cache, '')).toBe('');
  expect(find(cache, 'x'.repeat(5000))).toHaveLength(5000);
});

test('a topic that begins with U+FEFF is another topic than the one without', () => {
  const cache = new TopicCache();
  for (const topic of ['\uFEFFevf', 'evf', `\uFEFF${'x'.repeat(300)}`]) expect(find(cache, topic)).toBe(topic);
});

const seed = SEED;

test(`random bytes are read as UTF-8 says, known or not, seed ${seed}`, () => {
  const random = new SeededRandom(seed);
  const cache = new TopicCache();
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from({ length: random.below(3) }, () => random.below(256));
    expect(cache.find(bytes, 0, bytes.length)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  }
});
