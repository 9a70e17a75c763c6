import { describe, expect, it } from 'vitest';
import { UUID_PATTERN, unitIdOf, uuidv5, uuidv7 } from './ids.ts';

describe('ids', () => {
  it('makes the version 5 id of RFC 9562 appendix A.4', () => {
    expect(uuidv5('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('makes version 7 ids that sort by time', () => {
    let now = 1_700_000_000_000;
    const clock = { now: () => now, monotonic: () => now };
    const rng = { bytes: (n: number) => new Uint8Array(n).fill(255), next: () => 0.5 };
    const first = uuidv7(clock, rng);
    now += 1;
    const second = uuidv7(clock, rng);
    expect(first).toMatch(UUID_PATTERN);
    expect(first < second).toBe(true);
    expect(Number.parseInt(first.replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000);
  });

  it('gives a unit the same id on every node', () => {
    expect(unitIdOf('dev-1')).toBe(unitIdOf('dev-1'));
    expect(unitIdOf('dev-1')).not.toBe(unitIdOf('dev-2'));
  });
});
