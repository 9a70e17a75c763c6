import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, watchEffect } from 'vue';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** Read again by public/theme-boot.js before the first paint. */
const STORAGE_KEY = 'cc.theme';

function parse(value: unknown): ThemeChoice {
  return THEME_CHOICES.find((choice) => choice === value) ?? 'system';
}

/** Light or dark: the user's choice, kept on this machine for the login page and with the user's preferences. */
export const useTheme = defineStore('theme', () => {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  const systemDark = ref(media.matches);
  media.addEventListener('change', (event) => (systemDark.value = event.matches));
  const choice = ref<ThemeChoice>(parse(window.localStorage.getItem(STORAGE_KEY)));
  /** What a page asks for, whatever was chosen. */
  const held = ref<'light' | 'dark'>();
  const dark = computed(() => {
    const theme = held.value ?? choice.value;
    return theme === 'dark' || (theme === 'system' && systemDark.value);
  });

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value);
  });

  function choose(next: unknown): void {
    choice.value = parse(next);
    window.localStorage.setItem(STORAGE_KEY, choice.value);
  }

  /** Light or dark for as long as the calling component lives, as a screen on the wall wants it; the choice stays as it is. */
  function hold(theme: 'light' | 'dark'): void {
    held.value = theme;
    onScopeDispose(() => (held.value = undefined));
  }

  return { choice, dark, choose, hold };
});
