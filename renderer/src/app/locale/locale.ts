import { defineStore } from 'pinia';
import { computed, ref, watchEffect } from 'vue';
import { currentLocale, OFFERED_LOCALES, SOURCE_LOCALE, type Locale } from '#renderer/ui/messages/locale.ts';

const STORAGE_KEY = 'cc.locale';

function parse(value: unknown): Locale {
  return OFFERED_LOCALES.find((locale) => locale === value) ?? SOURCE_LOCALE;
}

/** The language of the texts: the user's choice, kept on this machine for the login page and with the user's preferences. */
export const useLocale = defineStore('locale', () => {
  currentLocale.value = parse(window.localStorage.getItem(STORAGE_KEY));
  const choice = computed(() => currentLocale.value);
  const chosen = ref(false);

  watchEffect(() => {
    document.documentElement.lang = currentLocale.value;
  });

  function choose(next: unknown): void {
    chosen.value = true;
    currentLocale.value = parse(next);
    window.localStorage.setItem(STORAGE_KEY, currentLocale.value);
  }

  return { choice, chosen, choose };
});
