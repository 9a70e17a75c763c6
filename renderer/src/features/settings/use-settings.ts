import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useRpc } from '#renderer/app/shell.ts';
import type { OutputOf } from '#shared/contract/index.ts';

export type Settings = OutputOf<'settings.get'>;

/** The settings of the installation as the core has them. */
export function useSettings(): { settings: Readonly<ShallowRef<Settings | undefined>>; failure: Readonly<ShallowRef<unknown>>; busy: Readonly<Ref<boolean>>; load(): Promise<void> } {
  const rpc = useRpc();
  const settings = shallowRef<Settings>();
  const failure = shallowRef<unknown>();
  const busy = ref(false);
  async function load(): Promise<void> {
    busy.value = true;
    try {
      settings.value = await rpc.call('settings.get', {});
      failure.value = undefined;
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  }
  void load();
  return { settings, failure, busy, load };
}
