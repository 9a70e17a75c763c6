import { computed, shallowRef, type ComputedRef, type Ref } from 'vue';

/** CSS pixels below which a drag is a click. */
const SMALLEST = 6;

export interface DragRange {
  readonly active: ComputedRef<boolean>;
  /** The stretch marked while dragging, CSS pixels; undefined when it is still a click. */
  readonly selection: ComputedRef<{ left: number; width: number } | undefined>;
  started(event: PointerEvent): void;
  moved(event: PointerEvent): void;
  ended(event: PointerEvent): void;
  cancelled(): void;
}

/** Selecting a range of time by dragging over an element; `chosen` gets it when the pointer is let go. */
export function useDragRange(element: Readonly<Ref<HTMLElement | null>>, timeAt: (x: number) => number, chosen: (range: { from: number; to: number }) => void): DragRange {
  const drag = shallowRef<{ start: number; end: number }>();
  const xOf = (event: PointerEvent): number => event.clientX - (element.value?.getBoundingClientRect().left ?? 0);
  const ends = computed(() => {
    const current = drag.value;
    return current !== undefined && Math.abs(current.end - current.start) >= SMALLEST ? current : undefined;
  });
  return {
    active: computed(() => drag.value !== undefined),
    selection: computed(() => (ends.value === undefined ? undefined : { left: Math.min(ends.value.start, ends.value.end), width: Math.abs(ends.value.end - ends.value.start) })),
    started(event) {
      if (event.button !== 0) return;
      element.value?.setPointerCapture(event.pointerId);
      drag.value = { start: xOf(event), end: xOf(event) };
    },
    moved(event) {
      if (drag.value !== undefined) drag.value = { start: drag.value.start, end: xOf(event) };
    },
    ended() {
      const current = ends.value;
      drag.value = undefined;
      if (current === undefined) return;
      const [a, b] = [timeAt(current.start), timeAt(current.end)];
      if (a !== b) chosen({ from: Math.min(a, b), to: Math.max(a, b) });
    },
    cancelled() {
      drag.value = undefined;
    },
  };
}
