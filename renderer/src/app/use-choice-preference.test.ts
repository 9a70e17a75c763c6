import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import { useLocale } from './locale/locale.ts';
import { useChoicePreference } from './use-choice-preference.ts';

/** The preferences of one user, as the core keeps them. */
function preferencesOf(stored?: string): { load(): Promise<unknown>; save(value: unknown): void; value: unknown } {
  return {
    value: stored,
    load() {
      return Promise.resolve(this.value);
    },
    save(value) {
      this.value = value;
    },
  };
}

async function signIn(preferences: ReturnType<typeof preferencesOf>): Promise<EffectScope> {
  const scope = effectScope();
  scope.run(() => useChoicePreference(useLocale(), preferences));
  await Promise.resolve();
  return scope;
}

beforeEach(() => {
  window.localStorage.clear();
  setActivePinia(createPinia());
});
afterEach(() => (currentLocale.value = 'en'));

test('the language of the user who signs in is shown, whatever the machine was left with', async () => {
  const first = await signIn(preferencesOf('hi'));
  expect(currentLocale.value).toBe('hi');
  first.stop();
  await signIn(preferencesOf('en'));
  expect(currentLocale.value).toBe('en');
});

test('what is chosen while signed in is kept for that user', async () => {
  const preferences = preferencesOf('en');
  await signIn(preferences);
  useLocale().choose('hi');
  expect(preferences.value).toBe('hi');
});

test('a language chosen on the login page becomes the choice of the one who then signs in, and of nobody after', async () => {
  const [own, other] = [preferencesOf('en'), preferencesOf('en')];
  useLocale().choose('hi');
  const scope = await signIn(own);
  expect([own.value, currentLocale.value]).toEqual(['hi', 'hi']);
  scope.stop();
  await signIn(other);
  expect([other.value, currentLocale.value]).toEqual(['en', 'en']);
});
