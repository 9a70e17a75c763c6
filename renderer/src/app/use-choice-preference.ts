import { watch } from 'vue';
import type { PreferencePort } from './preferences.ts';

/** Brings the signed-in user's choice (theme, language) to this machine, and takes what is chosen here to the user's preferences. */
export function useChoicePreference(store: { readonly choice: string; choose(next: unknown): void }, preference: PreferencePort): void {
  let fromPreference = false;
  watch(
    () => store.choice,
    (choice) => {
      if (!fromPreference) preference.save(choice);
    },
    { flush: 'sync' },
  );
  void preference.load().then((stored) => {
    if (stored === undefined) return;
    fromPreference = true;
    store.choose(stored);
    fromPreference = false;
  });
}
