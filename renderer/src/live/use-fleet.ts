import { inject, onScopeDispose, provide, type InjectionKey } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { createFleetStore, type FleetStore } from './fleet-store.ts';

/** The streams stay open this long after the last page that used them, ms: switching pages costs nothing. */
const LINGER = 30_000;

interface FleetShare {
  take(): FleetStore;
  release(): void;
}

const key: InjectionKey<FleetShare> = Symbol('fleet');

/** Makes the fleet available below the calling component; its streams are open while a page uses them. */
export function provideFleet(rpc: Rpc): void {
  let store: FleetStore | undefined;
  let users = 0;
  let timer: number | undefined;
  const close = (): void => {
    store?.dispose();
    store = undefined;
  };
  provide(key, {
    take() {
      window.clearTimeout(timer);
      users++;
      return (store ??= createFleetStore(rpc, () => new Promise((resolve) => requestAnimationFrame(() => resolve()))));
    },
    release() {
      if (--users === 0) timer = window.setTimeout(close, LINGER);
    },
  });
  onScopeDispose(() => {
    window.clearTimeout(timer);
    close();
  });
}

/** The fleet while the calling component lives. */
export function useFleet(): FleetStore {
  const share = inject(key);
  if (!share) throw new Error('the fleet is not provided');
  onScopeDispose(() => share.release());
  return share.take();
}
