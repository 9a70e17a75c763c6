import { watch } from 'vue';
import type { PreferencePort } from '../preferences.ts';
import { useTheme } from './theme.ts';

/** Brings the signed-in user's theme to this machine, and takes what is chosen here to the user's preferences. */
export function useThemePreference(preference: PreferencePort): void {
  const theme = useTheme();
  let fromPreference = false;
  watch(
    () => theme.choice,
    (choice) => {
      if (!fromPreference) preference.save(choice);
    },
    { flush: 'sync' },
  );
  void preference.load().then((stored) => {
    if (stored === undefined) return;
    fromPreference = true;
    theme.choose(stored);
    fromPreference = false;
  });
}
