import { expect, test } from 'vitest';
import { clocks } from './faults/clocks.ts';
import { disorder } from './faults/disorder.ts';
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

test('F6: with wrong clocks of units and computer the newest is shown, and what is off is flagged', async () => {
  expect(await clocks.run(options(0.15))).toMatch(/30 schedules/);
});

test('F7: what is lost, repeated, out of order and a day late ends as the ledger says', async () => {
  expect(await disorder.run(options(0.05))).toMatch(/all as the ledger says/);
});

test('F8: malformed payloads and topics are counted exactly, and memory stays', async () => {
  expect(await malformed.run(options(0.15))).toMatch(/150,000 payloads/);
});
