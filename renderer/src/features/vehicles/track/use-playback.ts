import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { TimeRange } from '#renderer/ui/time/range.ts';

/** Times as fast as it was. */
export const SPEEDS = [1, 2, 4, 8, 16, 32, 64] as const;
/** A frame that comes later than this, ms, is a window that was hidden: it does not make the vehicles jump. */
const LONGEST_FRAME = 250;

export interface Playback {
  /** Epoch ms; undefined until something is pointed at or played. */
  readonly cursor: ShallowRef<number | undefined>;
  readonly playing: Readonly<Ref<boolean>>;
  readonly speed: Ref<number>;
  toggle(): void;
  pause(): void;
  /** Moves the cursor and stops playing. */
  seek(instant: number | undefined): void;
}

/** Time-true playback over a range: the cursor moves by wall time × speed, and stops at the end. */
export function usePlayback(range: () => TimeRange | undefined): Playback {
  const cursor = shallowRef<number>();
  const playing = ref(false);
  const speed = ref<number>(16);
  let frame = 0;
  let before: number | undefined;

  function step(now: number): void {
    const ends = range();
    if (!playing.value || !ends) return;
    const elapsed = before === undefined ? 0 : Math.min(LONGEST_FRAME, now - before);
    before = now;
    const next = (cursor.value ?? ends.from) + elapsed * speed.value;
    cursor.value = Math.min(ends.to, next);
    if (next >= ends.to) return pause();
    frame = requestAnimationFrame(step);
  }
  function pause(): void {
    playing.value = false;
    before = undefined;
    cancelAnimationFrame(frame);
  }
  function toggle(): void {
    const ends = range();
    if (playing.value || !ends) return pause();
    if (cursor.value === undefined || cursor.value < ends.from || cursor.value >= ends.to) cursor.value = ends.from;
    playing.value = true;
    frame = requestAnimationFrame(step);
  }
  onScopeDispose(pause);
  return {
    cursor, playing, speed, toggle, pause,
    seek(instant) {
      pause();
      const ends = range();
      cursor.value = instant === undefined || !ends ? instant : Math.min(ends.to, Math.max(ends.from, instant));
    },
  };
}
