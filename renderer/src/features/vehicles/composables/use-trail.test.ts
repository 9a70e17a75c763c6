import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { FleetStore } from '#renderer/live/fleet-store.ts';
import { TRAIL_SPAN } from './trail.ts';
import { useTrail } from './use-trail.ts';

const NOW = 1_790_000_000_000;

/** A fleet of one vehicle in slot 0 that a test moves, and a history that it answers by hand. */
function setUp() {
  const columns = { lat: Float64Array.of(12.5), lon: Float64Array.of(77.5), lastCommunication: Float64Array.of(NOW) };
  const version = ref(0);
  const store = { byId: shallowRef(new Map([['a', { slot: 0 }], ['b', { slot: 0 }]])), asOf: ref(NOW), version, columns: () => columns } as unknown as FleetStore;
  const asked: { input: { vehicleId: string; from: number; to: number }; answer: (value: unknown) => void }[] = [];
  const rpc = { call: (_name: string, input: { vehicleId: string; from: number; to: number }) => new Promise((answer) => asked.push({ input, answer })) } as unknown as Rpc;
  const selected = ref('');
  const scope = effectScope();
  const { trail } = scope.run(() => useTrail(rpc, store, selected))!;
  const move = async (seconds: number, lat: number) => {
    columns.lastCommunication[0] = NOW + seconds * 1000;
    columns.lat[0] = lat;
    version.value++;
    await nextTick();
  };
  const stored = (...times: number[]) => ({ series: [1, 2].map((parameter) => ({ parameter, time: Float64Array.from(times, (s) => NOW + s * 1000), value: Float64Array.from(times, (s) => (parameter === 1 ? 12 + s / 1000 : 77.5)) })), truncated: false });
  return { selected, trail, asked, move, stored, scope };
}

describe('the trail of the selected vehicle', () => {
  it('joins what is stored of the last minutes with what comes', async () => {
    const { selected, trail, asked, move, stored, scope } = setUp();
    selected.value = 'a';
    await nextTick();
    expect(asked.map(({ input }) => [input.vehicleId, input.to - input.from])).toEqual([['a', TRAIL_SPAN]]);
    await move(2, 12.6);
    asked[0]!.answer(stored(-20, -10));
    await nextTick();
    await nextTick();
    expect(trail.value?.lat).toEqual([11.98, 11.99, 12.5, 12.6]);
    scope.stop();
  });

  it('is gone without a selection', async () => {
    const { selected, trail, scope } = setUp();
    selected.value = 'a';
    await nextTick();
    expect(trail.value?.count).toBe(1);
    selected.value = '';
    await nextTick();
    expect(trail.value).toBeUndefined();
    scope.stop();
  });

  it('does not take the past of a vehicle that is no longer selected', async () => {
    const { selected, trail, asked, stored, scope } = setUp();
    selected.value = 'a';
    await nextTick();
    selected.value = 'b';
    await nextTick();
    asked[0]!.answer(stored(-20, -10));
    await nextTick();
    await nextTick();
    expect(trail.value?.count).toBe(1);
    scope.stop();
  });
});
