import { describe, expect, it } from 'vitest';
import { describeFleet } from './fleet/describe.ts';
import { lastWords } from './last-words.ts';
import { loadDemoResources } from './resources.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const resources = loadDemoResources(new URL('../../resources', import.meta.url).pathname);

describe('the last words of silent vehicles', () => {
  const fleet = describeFleet({ vehicles: 100, seed: 's', now: NOW });
  const words = lastWords(fleet, resources);

  it('come from exactly the vehicles that have communicated once, at that time', () => {
    const silent = fleet.vehicles.filter((vehicle) => vehicle.silence?.lastContact !== undefined);
    expect(new Set(words.map(({ deviceId }) => deviceId))).toEqual(new Set(silent.map(({ deviceId }) => deviceId)));
    for (const { deviceId, silence } of silent) {
      const mine = words.filter((message) => message.deviceId === deviceId);
      expect(mine[0]?.at).toBe(silence?.lastContact);
      expect(mine.map(({ suffix }) => suffix)).toEqual(expect.arrayContaining(['state', 'meta', 'sig']));
      expect(mine.at(-1)?.suffix).toBe('state');
      expect(new TextDecoder().decode(mine.at(-1)?.payload)).toContain('"on":false');
    }
    expect(words.map(({ at }) => at)).toEqual(words.map(({ at }) => at).sort((a, b) => a - b));
  });

  it('carry stamps of that time, and are the same every time', () => {
    for (const { suffix, payload, at, deviceId } of words.filter((message) => message.suffix === 'sig')) {
      const { t0, buf } = JSON.parse(new TextDecoder().decode(payload)) as { t0: number; buf: number };
      expect(buf, suffix).toBe(0);
      expect(Math.abs(t0 - at), deviceId).toBeLessThan(15_000);
    }
    expect(lastWords(fleet, resources)).toEqual(words);
  });
});
