import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { PreferencePort } from '#renderer/app/preferences.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { AlertsLive } from '#renderer/live/use-alerts.ts';
import type { AlertSeverity } from '#shared/domain/alerts/rule.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { t } from '../messages.ts';
import { DEFAULT_CALLS, nextCalls, parseCalls, type CallChoice, type Called, type NewestAlert } from './call-plan.ts';
import { createAlertSounds } from './sounds.ts';

/** An unacknowledged Critical calls again after this, ms. */
const REPEAT = 15_000;
/** The count of unacknowledged Critical alerts is asked for at most this often, ms. */
const PACE = 2000;

export interface AlertCalls {
  readonly choice: Readonly<ShallowRef<CallChoice>>;
  /** The browser lets no sound out before the first click or key in this window. */
  readonly blocked: Readonly<Ref<boolean>>;
  change(choice: Partial<CallChoice>): void;
  tryOut(severity: AlertSeverity): void;
  /** Asks the browser for desktop notifications; false where it does not allow them. */
  allowDesktop(): Promise<boolean>;
}

/** Sound by severity and desktop notifications for what rises, for as long as the calling component lives. */
export function useAlertCalls(rpc: Rpc, live: AlertsLive, preference: PreferencePort, open: (alert: NewestAlert) => void): AlertCalls {
  const choice = shallowRef<CallChoice>(DEFAULT_CALLS);
  const blocked = ref(false);
  const sounds = createAlertSounds(() => new AudioContext());
  let called: Called | undefined;
  let waiting = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  void preference.load().then((stored) => (choice.value = parseCalls(stored)));

  function sound(severity: AlertSeverity): void {
    if (choice.value.muted) return;
    const heard = sounds.play(severity, choice.value.volume);
    blocked.value = !heard && choice.value.volume > 0;
  }
  function notify(alert: NewestAlert): void {
    if (!choice.value.desktop || alert.severity !== 'critical' || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    const note = new Notification(t('notification.title', { name: coreText(alert.name) }), { body: [alert.vin, alert.city].filter(Boolean).join(' · '), tag: alert.alertId, requireInteraction: true });
    note.onclick = () => {
      window.focus();
      open(alert);
      note.close();
    };
  }

  async function count(): Promise<void> {
    timer = undefined;
    const tabs = Object.values(live.summary.value?.tabs ?? {});
    if (!tabs.some(({ critical, unacknowledged }) => critical > 0 && unacknowledged > 0)) return void (waiting = 0);
    waiting = await rpc.call('alerts.list', { filter: { show: 'unacknowledged', severities: ['critical'] }, offset: 0, limit: 1 }).then(({ total }) => total, () => waiting);
  }
  watch(live.summary, (summary) => {
    if (summary === undefined) return;
    const next = nextCalls(called, summary.newest, Date.now());
    called = next.called;
    // Several at once are one call, the worst one's.
    if (next.calls[0]) sound(next.calls[0].severity);
    for (const call of next.calls) notify(call);
    timer ??= setTimeout(() => void count(), PACE);
  }, { immediate: true });
  const repeat = setInterval(() => waiting > 0 && sound('critical'), REPEAT);

  // Sounding is allowed from the first gesture on; the context then wakes up.
  const gesture = (): void => {
    if (blocked.value) void sounds.wake().then((heard) => (blocked.value = !heard));
  };
  window.addEventListener('pointerdown', gesture);
  window.addEventListener('keydown', gesture);
  onScopeDispose(() => {
    clearTimeout(timer);
    clearInterval(repeat);
    window.removeEventListener('pointerdown', gesture);
    window.removeEventListener('keydown', gesture);
    sounds.dispose();
  });

  return {
    choice, blocked,
    change(next) {
      choice.value = { ...choice.value, ...next };
      preference.save(choice.value);
    },
    tryOut: (severity) => void sounds.play(severity, choice.value.volume),
    allowDesktop: async () => typeof Notification !== 'undefined' && (Notification.permission === 'granted' || (await Notification.requestPermission()) === 'granted'),
  };
}
