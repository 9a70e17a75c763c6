import { onScopeDispose, watch } from 'vue';
import type { PreferencePort } from './preferences.ts';

/** A choice this machine keeps too, such as theme or language. */
export interface ChoiceStore {
  readonly choice: string;
  choose(next: unknown): void;
  /** Whether somebody chose before signing in; where the login page offers the choice. */
  chosen?: boolean;
}

/**
 * Brings the signed-in user's choice to this machine, and takes what is chosen here to the user's preferences. What was
 * chosen on the login page counts as this user's choice.
 */
export function useChoicePreference(store: ChoiceStore, preference: PreferencePort): void {
  let fromPreference = false;
  watch(
    () => store.choice,
    (choice) => {
      if (!fromPreference) preference.save(choice);
    },
    { flush: 'sync' },
  );
  onScopeDispose(() => (store.chosen = false));
  if (store.chosen === true) {
    preference.save(store.choice);
    return;
  }
  void preference.load().then((stored) => {
    if (stored === undefined) return;
    fromPreference = true;
    store.choose(stored);
    fromPreference = false;
  });
}
