import { expect, test } from 'vitest';
import { killIngest } from './faults/kill.ts';
import { malformed } from './faults/malformed.ts';

const said: string[] = [];
const options = (scale: number) => {
  const seed = Math.floor(Math.random() * 1e6);
  // The seed repeats a failure.
  said.push(`seed ${seed}`);
  console.info(said.at(-1));
  return { scale, seed, say: (line: string) => void said.push(line) };
};

test('F1: a core that is killed loses nothing it acknowledged and stores nothing twice', async () => {
  expect(await killIngest.run(options(0.25))).toMatch(/5 kills/);
});

test('F8: malformed payloads and topics are counted exactly, and memory stays', async () => {
  expect(await malformed.run(options(0.15))).toMatch(/150,000 payloads/);
});
