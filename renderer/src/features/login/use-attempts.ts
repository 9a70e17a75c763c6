import { computed, ref, type Ref } from 'vue';
import { messageOf, retryAfterOf } from '#renderer/app/errors.ts';
import { useNow } from '#renderer/ui/time/clock.ts';
import { AppError } from '#shared/kernel/error.ts';
import { t } from './messages.ts';

/** Sends a form, and says why it was refused; a growing delay is counted down before the next attempt. */
export function useAttempts(): { busy: Ref<boolean>; blocked: Readonly<Ref<boolean>>; problem: Readonly<Ref<string | undefined>>; attempt(run: () => Promise<void>): Promise<boolean>; clear(): void } {
  const now = useNow();
  const busy = ref(false);
  const failure = ref<string>();
  const until = ref(0);
  const wait = ref(0);
  // The shared clock may be up to a second old: the first figure is never more than was asked for.
  const seconds = computed(() => Math.ceil(Math.min(until.value - now.value, wait.value) / 1000));
  const blocked = computed(() => seconds.value > 0);
  const problem = computed(() => (blocked.value ? t('login.wait', { count: seconds.value }) : failure.value));

  async function attempt(run: () => Promise<void>): Promise<boolean> {
    if (busy.value || blocked.value) return false;
    busy.value = true;
    failure.value = undefined;
    try {
      await run();
      return true;
    } catch (error) {
      wait.value = retryAfterOf(error) ?? 0;
      until.value = Date.now() + wait.value;
      const wrong = error instanceof AppError && error.code === 'not-signed-in';
      failure.value = error instanceof AppError && error.code === 'too-many-attempts' ? undefined : wrong ? t('login.wrong') : messageOf(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, blocked, problem, attempt, clear: () => (failure.value = undefined) };
}
