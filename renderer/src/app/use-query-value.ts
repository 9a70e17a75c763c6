import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type Router } from 'vue-router';

/** Changes of one tick, so that two values written together become one address. */
const pending = new WeakMap<Router, Record<string, string>>();

/** Where a router is on its way to, undefined while it rests. */
const underway = new WeakMap<Router, { path: string | undefined }>();

function navigationOf(router: Router): { path: string | undefined } {
  const known = underway.get(router);
  if (known) return known;
  const navigation: { path: string | undefined } = { path: undefined };
  underway.set(router, navigation);
  router.beforeEach((to) => void (navigation.path = to.path));
  router.afterEach((to) => {
    if (navigation.path === to.path) navigation.path = undefined;
  });
  router.onError(() => (navigation.path = undefined));
  return navigation;
}

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
    const { path } = navigationOf(router);
    // A search that settles while another page is being opened must not call that page off.
    if (path !== undefined && path !== router.currentRoute.value.path) return;
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
  navigationOf(router);
  return computed({
    get: () => (typeof route.query[name] === 'string' ? route.query[name] : ''),
    set: (value) => write(router, name, value),
  });
}
