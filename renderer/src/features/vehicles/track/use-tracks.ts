import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { TimeRange } from '#renderer/ui/time/range.ts';
import type { Track } from './track-model.ts';

export interface LoadedTrack {
  readonly vehicleId: string;
  readonly track: Track | undefined;
  readonly failed: unknown;
}

/** The tracks of some vehicles in a range, in their order; each is read once, and again when the range changes. */
export function useTracks(rpc: Rpc, vehicleIds: () => readonly string[], range: () => TimeRange): { readonly tracks: Readonly<ShallowRef<readonly LoadedTrack[]>>; reload(): void } {
  const tracks = shallowRef<readonly LoadedTrack[]>([]);
  let open = true;
  let asked = '';
  onScopeDispose(() => (open = false));

  function settle(key: string, vehicleId: string, result: Partial<LoadedTrack>): void {
    if (open && key === asked) tracks.value = tracks.value.map((one) => (one.vehicleId === vehicleId ? { ...one, ...result } : one));
  }
  function read(vehicleId: string, { from, to }: TimeRange, key: string): void {
    rpc.call('vehicle.track', { vehicleId, from: Math.floor(from), to: Math.ceil(to) }).then((track) => settle(key, vehicleId, { track, failed: undefined }), (failed: unknown) => settle(key, vehicleId, { failed }));
  }
  function load(ids: readonly string[], asking: TimeRange, again: boolean): void {
    const key = `${asking.from}-${asking.to}`;
    const kept = again || key !== asked ? new Map<string, LoadedTrack>() : new Map(tracks.value.map((one) => [one.vehicleId, one]));
    asked = key;
    tracks.value = ids.map((vehicleId) => kept.get(vehicleId) ?? { vehicleId, track: undefined, failed: undefined });
    for (const id of ids) if (!kept.has(id)) read(id, asking, key);
  }

  watch(() => ({ ids: vehicleIds(), asking: range() }), ({ ids, asking }) => load(ids, asking, false), { immediate: true });
  return { tracks, reload: () => load(vehicleIds(), range(), true) };
}
