import { inject, onScopeDispose, provide, shallowRef, watchEffect, type InjectionKey, type Ref } from 'vue';

const key: InjectionKey<Ref<string | undefined>> = Symbol('page title');

/** Provides the place where a page puts its own title (a VIN); for the root of the app. */
export function providePageTitle(): Ref<string | undefined> {
  const title = shallowRef<string>();
  provide(key, title);
  return title;
}

/** The title that the page of the moment has set, undefined where the route's own title holds. */
export function useCurrentPageTitle(): Readonly<Ref<string | undefined>> {
  return inject(key, shallowRef(undefined), true) as Ref<string | undefined>;
}

/** Names the page by what it shows; an undefined title leaves the route's. */
export function usePageTitle(title: () => string | undefined): void {
  const current = inject(key, undefined);
  if (!current) return;
  watchEffect(() => (current.value = title()));
  onScopeDispose(() => (current.value = undefined));
}
