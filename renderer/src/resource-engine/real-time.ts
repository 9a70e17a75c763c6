import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { useSession } from '#renderer/app/session/session.ts';

/** Whether lists follow changes by themselves. Once on, it stays on until the window is loaded anew or the user signs out. */
export const useRealTime = defineStore('resource-real-time', () => {
  const session = useSession();
  const on = ref(false);
  watch(() => session.user?.userId, () => (on.value = false));
  return { on };
});
