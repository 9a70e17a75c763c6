import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { ResourceOption } from '#shared/contract/resource.ts';
import type { ResourceApi } from './api.ts';

export interface FieldOptions {
  /** Those found by the text, and those that are chosen. */
  readonly options: Readonly<ShallowRef<readonly ResourceOption[]>>;
  readonly more: Readonly<ShallowRef<boolean>>;
  readonly loading: Readonly<ShallowRef<boolean>>;
  search(text: string): void;
}

const SETTLE = 150;

/** Choices of a field, searched in the core as typed; the chosen ones are always among them, so that they can be named. */
export function useFieldOptions(api: ResourceApi, field: string, chosen: () => readonly string[], limit = 50): FieldOptions {
  const options = shallowRef<readonly ResourceOption[]>([]);
  const more = shallowRef(false);
  const loading = shallowRef(false);
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => (clearTimeout(timer), (asked = -1)));

  /** What was found replaces what was found before, but for what is chosen among it. */
  function take(found: readonly ResourceOption[]): void {
    const names = new Set(chosen());
    const known = new Set(found.map(({ value }) => value));
    options.value = [...options.value.filter(({ value }) => names.has(value) && !known.has(value)), ...found];
  }

  async function ask(text: string): Promise<void> {
    const mine = ++asked;
    loading.value = true;
    try {
      const answer = await api.options(field, { search: text.slice(0, 200), limit });
      if (mine !== asked) return;
      take(answer.options);
      more.value = answer.more;
    } catch {
      // A choice that cannot be read now is asked for again by the next key.
    } finally {
      if (mine === asked) loading.value = false;
    }
  }

  watch(chosen, async (values) => {
    const unknown = values.filter((value) => value !== '' && !options.value.some((option) => option.value === value));
    if (unknown.length === 0) return;
    const answer = await api.options(field, { ids: unknown, limit: Math.max(1, unknown.length) }).catch(() => undefined);
    if (!answer || asked < 0) return;
    options.value = [...answer.options.filter(({ value }) => !options.value.some((option) => option.value === value)), ...options.value];
  }, { immediate: true });

  void ask('');
  return {
    options, more, loading,
    search(text) {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(text), SETTLE);
    },
  };
}
