import { inject, onScopeDispose, provide, readonly, ref, shallowReadonly, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import type { AlertSummary } from '#shared/contract/alerts.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

/** What every part of the window knows of the alerts in scope. */
export interface AlertsLive {
  /** Undefined until the first one came. */
  readonly summary: Readonly<ShallowRef<AlertSummary | undefined>>;
  /** Lists follow by themselves. Asked for by the user, it holds until the window is loaded anew or the user signs out. */
  readonly realTime: Readonly<Ref<boolean>>;
  startRealTime(): void;
}

const key: InjectionKey<AlertsLive> = Symbol('alerts');

/** Opens `alerts.summary` once for everything below the calling component; `allowed`: the user may see alerts. */
export function provideAlerts(rpc: Rpc, allowed: boolean): AlertsLive {
  const summary = shallowRef<AlertSummary>();
  const realTime = ref(false);
  if (allowed) {
    const stream = rpc.open('alerts.summary', {}, { onItem: (item) => void (summary.value = item) });
    onScopeDispose(() => stream.dispose());
  }
  const live: AlertsLive = { summary: shallowReadonly(summary), realTime: readonly(realTime), startRealTime: () => void (realTime.value = true) };
  provide(key, live);
  return live;
}

/** The alerts of the signed-in user. */
export function useAlerts(): AlertsLive {
  const live = inject(key);
  if (!live) throw new Error('the alerts are not provided');
  return live;
}
