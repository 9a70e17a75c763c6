import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { AlertsLive } from '#renderer/live/use-alerts.ts';
import type { OutputOf } from '#shared/contract/index.ts';

export type AlertDetails = OutputOf<'alerts.get'>;

/** Holding J or K passes over alerts; one is asked for when it stays, ms. */
const SETTLE = 90;
/** Details are asked for again at most this often while alerts change, ms. */
const PACE = 1500;

/** Everything about one alert, kept up to date while it is shown. */
export function useAlertDetails(rpc: Rpc, live: AlertsLive, alertId: Readonly<Ref<string>>): { readonly details: Readonly<ShallowRef<AlertDetails | undefined>>; readonly failure: Readonly<ShallowRef<unknown>>; readonly asOf: Readonly<ShallowRef<number>>; reload(): Promise<void> } {
  const details = shallowRef<AlertDetails>();
  const failure = shallowRef<unknown>();
  const asOf = shallowRef(Date.now());
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function reload(): Promise<void> {
    const mine = ++turn;
    const id = alertId.value;
    if (id === '') return;
    try {
      const answer = await rpc.call('alerts.get', { alertId: id });
      if (mine !== turn) return;
      // A graph that moves by the second cannot be read: it grows when the alert changes.
      if (details.value?.row.alertId !== id || details.value.row.state !== answer.row.state) asOf.value = Date.now();
      details.value = answer;
      failure.value = undefined;
    } catch (error) {
      if (mine === turn) failure.value = error;
    }
  }
  function soon(delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => ((timer = undefined), void reload()), delay);
  }
  watch(alertId, (id, before) => {
    turn++;
    failure.value = undefined;
    if (id === '') details.value = undefined;
    else soon(before === undefined ? 0 : SETTLE);
  }, { immediate: true });
  watch(() => live.summary.value?.revision, () => timer === undefined && soon(PACE));
  onScopeDispose(() => {
    turn++;
    clearTimeout(timer);
  });
  return { details, failure, asOf, reload };
}
