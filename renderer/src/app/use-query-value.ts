import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type Router } from 'vue-router';

/** Changes of one tick, so that two values written together become one address. */
const pending = new WeakMap<Router, Record<string, string>>();

function write(router: Router, name: string, value: string): void {
  const waiting = pending.get(router);
  if (waiting) {
    waiting[name] = value;
    return;
  }
  const changes: Record<string, string> = { [name]: value };
  pending.set(router, changes);
  queueMicrotask(() => {
    pending.delete(router);
    const query = Object.entries({ ...router.currentRoute.value.query, ...changes }).filter(([, text]) => text !== '');
    void router.replace({ query: Object.fromEntries(query) });
  });
}

/**
 * One text of the page's address (`?search=…`), so that filters, sort and the selected row survive a reload and can be
 * passed on. An empty text leaves the address. Writing replaces the entry of the history.
 */
export function useQueryValue(name: string): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => (typeof route.query[name] === 'string' ? route.query[name] : ''),
    set: (value) => write(router, name, value),
  });
}
