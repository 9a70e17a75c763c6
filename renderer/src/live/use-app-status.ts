import { inject, onScopeDispose, provide, shallowReadonly, shallowRef, type InjectionKey, type Ref } from 'vue';
import type { AppStatus } from '#shared/contract/app.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

const key: InjectionKey<Readonly<Ref<AppStatus | undefined>>> = Symbol('app status');

/** Opens `app.status` once for everything below the calling component. */
export function provideAppStatus(rpc: Rpc): Readonly<Ref<AppStatus | undefined>> {
  const status = shallowRef<AppStatus>();
  const stream = rpc.open('app.status', {}, { onItem: (item) => void (status.value = item) });
  onScopeDispose(() => stream.dispose());
  provide(key, status);
  return shallowReadonly(status);
}

/** The newest status of the installation, undefined until the first one came. */
export function useAppStatus(): Readonly<Ref<AppStatus | undefined>> {
  return inject(key, () => shallowRef<AppStatus>(), true);
}
