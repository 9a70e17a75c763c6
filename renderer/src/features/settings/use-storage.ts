import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useRpc } from '#renderer/app/shell.ts';
import type { OutputOf } from '#shared/contract/index.ts';

export type Storage = OutputOf<'settings.storage'>;

/** Asks again so often while a check or a backup runs, ms. */
const RUNNING = 1000;

/** What is stored; followed closely while a check or a backup runs. */
export function useStorage(): { storage: Readonly<ShallowRef<Storage | undefined>>; failure: Readonly<ShallowRef<unknown>>; busy: Readonly<Ref<boolean>>; load(): Promise<void> } {
  const rpc = useRpc();
  const storage = shallowRef<Storage>();
  const failure = shallowRef<unknown>();
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;
  async function load(): Promise<void> {
    clearTimeout(timer);
    busy.value = true;
    try {
      storage.value = await rpc.call('settings.storage', {});
      failure.value = undefined;
      if (!gone && (storage.value.check.state === 'running' || storage.value.backup.state === 'running')) timer = setTimeout(() => void load(), RUNNING);
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
  });
  void load();
  return { storage, failure, busy, load };
}
