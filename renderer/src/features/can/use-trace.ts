import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { CanTrace } from '#shared/contract/can.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { createDatabases, readFrame, type FrameDatabase } from './databases.ts';
import { LogPlayer, type LoadedLog } from './log-player.ts';
import { noteReading, watchKey, watchSignal, type WatchedSignal } from './signal-watch.ts';
import { TraceModel } from './trace-model.ts';

/** The page is drawn at most this often, ms: what is read by eye need not be faster. */
const DRAW_PERIOD = 250;

export interface TraceOptions {
  readonly rpc: Rpc;
  readonly deviceId: Readonly<Ref<string>>;
  /** Hash of the DBC file of each bus. */
  readonly assigned: Readonly<Ref<ReadonlyMap<number, string>>>;
}

export interface TraceSource {
  readonly model: TraceModel;
  /** Counts redraws; read it in whatever shows the model. */
  readonly version: Readonly<Ref<number>>;
  readonly statistics: Readonly<ShallowRef<CanTrace['statistics']>>;
  readonly lastReceived: Readonly<Ref<number | undefined>>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  readonly paused: Ref<boolean>;
  readonly log: Readonly<ShallowRef<LogPlayer | undefined>>;
  readonly playing: Ref<boolean>;
  /** Times real time; 0: as fast as possible. */
  readonly speed: Ref<number>;
  readonly position: Readonly<Ref<number>>;
  database(bus: number): FrameDatabase | undefined;
  readonly databases: Readonly<ShallowRef<ReadonlyMap<number, FrameDatabase>>>;
  readonly watched: Readonly<ShallowRef<readonly WatchedSignal[]>>;
  toggleWatch(bus: number, id: number, extended: boolean, signal: string): void;
  play(log: LoadedLog): void;
  closeLog(): void;
  rewind(): void;
  clear(): void;
  retry(): void;
}

/** Frames of a unit as they come, or of a log that is played, with what the DBC files of its buses make of them. */
export function useTrace({ rpc, deviceId, assigned }: TraceOptions): TraceSource {
  const model = new TraceModel();
  const version = ref(0);
  const statistics = shallowRef<CanTrace['statistics']>([]);
  const lastReceived = ref<number>();
  const failure = shallowRef<unknown>();
  const paused = ref(false);
  const log = shallowRef<LogPlayer>();
  const playing = ref(false);
  const speed = ref(1);
  const position = ref(0);
  const databases = shallowRef<ReadonlyMap<number, FrameDatabase>>(new Map());
  const watched = shallowRef<readonly WatchedSignal[]>([]);
  const ask = createDatabases(rpc);
  let stream: Disposable | undefined;
  let drawn = 0;
  let drawing: number | undefined;

  function draw(): void {
    if (drawing !== undefined) return;
    const wait = Math.max(0, DRAW_PERIOD - (performance.now() - drawn));
    drawing = window.setTimeout(() => {
      drawing = undefined;
      drawn = performance.now();
      version.value++;
    }, wait);
  }

  function note(bus: number, id: number, flags: number, data: Uint8Array, time: number): void {
    for (const item of watched.value) {
      if (item.bus !== bus || item.id !== id || item.extended !== ((flags & 1) !== 0)) continue;
      const reading = readFrame(databases.value.get(bus), id, item.extended, data)?.signals.find(({ signal }) => signal.name === item.signal);
      if (reading) noteReading(item, reading, time);
    }
  }

  function take(item: CanTrace): void {
    statistics.value = item.statistics;
    lastReceived.value = item.lastReceived;
    if (paused.value) return;
    if (watched.value.length > 0) {
      for (let i = 0; i < item.id.length; i++) note(item.bus[i]!, item.id[i]!, item.flags[i]!, item.data.subarray(i === 0 ? 0 : item.end[i - 1], item.end[i]), item.time[i]!);
    }
    model.add(item);
    draw();
  }

  function connect(): void {
    stream?.dispose();
    stream = undefined;
    failure.value = undefined;
    if (log.value || deviceId.value === '') return;
    stream = rpc.open('can.trace', { deviceId: deviceId.value }, { onItem: take, onError: (error) => void (failure.value = error) });
  }

  function clear(): void {
    model.clear();
    for (const item of watched.value) Object.assign(item, { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, readings: 0 });
    draw();
  }

  const hashes = computed(() => [...assigned.value].map(([bus, hash]) => `${bus} ${hash}`).join());
  watch(hashes, async () => {
    const wanted = assigned.value;
    const loaded = new Map<number, FrameDatabase>();
    for (const [bus, hash] of wanted) {
      const database = await ask(hash).catch(() => undefined);
      if (database) loaded.set(bus, database);
    }
    if (wanted === assigned.value) databases.value = loaded;
    draw();
  }, { immediate: true });

  watch(deviceId, () => {
    watched.value = [];
    statistics.value = [];
    lastReceived.value = undefined;
    paused.value = false;
    clear();
    connect();
  }, { immediate: true });

  let before = 0;
  let frame = 0;
  function step(now: number): void {
    const player = log.value;
    if (!player || !playing.value) return;
    const to = speed.value === 0 ? player.log.duration : player.position + Math.min(1000, now - before) * speed.value;
    before = now;
    player.advance(to, (time, bus, id, flags, data) => {
      note(bus, id, flags, data, time);
      model.frame(time, bus, id, flags, data);
    });
    position.value = player.position;
    draw();
    if (player.ended) playing.value = false;
    else frame = requestAnimationFrame(step);
  }
  watch(playing, (on) => {
    cancelAnimationFrame(frame);
    if (!on) return;
    before = performance.now();
    frame = requestAnimationFrame(step);
  });

  function rewind(): void {
    log.value?.rewind();
    position.value = 0;
    clear();
  }

  onScopeDispose(() => {
    stream?.dispose();
    cancelAnimationFrame(frame);
    window.clearTimeout(drawing);
  });

  return {
    model, version, statistics, lastReceived, failure, paused, log, playing, speed, position, databases, watched, clear, rewind,
    database: (bus) => databases.value.get(bus),
    toggleWatch(bus, id, extended, signal) {
      const key = watchKey(bus, id, extended, signal);
      if (watched.value.some((item) => item.key === key)) {
        watched.value = watched.value.filter((item) => item.key !== key);
        return;
      }
      const found = databases.value.get(bus)?.decoder.lookup(id, extended);
      const decoder = databases.value.get(bus)?.decoder;
      const local = found && decoder?.signals.slice(found.firstSignal, found.firstSignal + found.signalCount).find(({ name }) => name === signal);
      if (!found || !local) return;
      const item = watchSignal(bus, id, extended, found.message.name, { signal: local, value: Number.NaN, label: undefined });
      const row = [...model.rows.values()].find((entry) => entry.bus === bus && entry.id === id && entry.extended === extended);
      const reading = row && readFrame(databases.value.get(bus), id, extended, row.data)?.signals.find((entry) => entry.signal.name === signal);
      if (row && reading) noteReading(item, reading, row.last);
      watched.value = [...watched.value, item];
    },
    play(loaded) {
      log.value = new LogPlayer(loaded);
      stream?.dispose();
      stream = undefined;
      statistics.value = [];
      paused.value = false;
      failure.value = undefined;
      rewind();
      playing.value = true;
    },
    closeLog() {
      playing.value = false;
      log.value = undefined;
      clear();
      connect();
    },
    retry: connect,
  };
}
