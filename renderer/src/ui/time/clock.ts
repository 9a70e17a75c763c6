import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/**
 * One clock for all ages on screen: it ticks once a second while anybody looks, and not at all otherwise, so that a
 * grid of ages is one timer and one update.
 */
const now = ref(Date.now());
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The current time, epoch ms, renewed every second for as long as the calling scope lives. */
export function useNow(): Readonly<Ref<number>> {
  watchers += 1;
  if (timer === undefined) {
    now.value = Date.now();
    timer = setInterval(() => (now.value = Date.now()), 1000);
  }
  onScopeDispose(() => {
    watchers -= 1;
    if (watchers > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
  return readonly(now);
}
