import { computed, reactive, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useSession } from '#renderer/app/session/session.ts';
import type { ResourceRow } from '#shared/contract/resource.ts';
import { AppError } from '#shared/kernel/error.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import { editableKeys } from '#shared/resources/schemas.ts';
import { messageOf } from '#renderer/app/errors.ts';
import { sendOnce, type WriteHolder } from '#renderer/app/send-once.ts';
import type { ResourceApi } from './api.ts';
import { addValues, changedKeys, editOf, problemOf, toInput, type Draft } from './draft.ts';
import { inWords } from './labels.ts';

export interface ResourceFormState {
  readonly mode: 'add' | 'edit';
  /** Inputs in order. */
  readonly keys: readonly string[];
  readonly draft: Draft;
  /** The row as it is now; undefined while one is added. */
  readonly base: Readonly<ShallowRef<ResourceRow | undefined>>;
  /** What is wrong, by field: shown once the field was left, or saving was tried. */
  readonly problems: ComputedRef<Readonly<Record<string, string>>>;
  readonly changed: ComputedRef<readonly string[]>;
  /** Fields that somebody else changed under an input that was touched. */
  readonly overtaken: Readonly<ShallowRef<ReadonlySet<string>>>;
  readonly dirty: ComputedRef<boolean>;
  readonly valid: ComputedRef<boolean>;
  readonly saving: Readonly<Ref<boolean>>;
  /** What the last attempt failed with, where it is about no field. */
  readonly failure: Readonly<Ref<string | undefined>>;
  set(key: string, value: unknown): void;
  leave(key: string): void;
  /** Shows everything that is wrong. */
  check(): boolean;
  /** The row has changed elsewhere: inputs that were not touched follow. */
  follow(row: ResourceRow): void;
  /** Writes; resolves with the row's id, or undefined where it failed and the form says why. */
  save(): Promise<string | undefined>;
}

/** Where an error of the core belongs: the last part of its path is the field. */
function fieldProblems(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof AppError)) return {};
  const { issues, field } = error.details ?? {};
  if (typeof field === 'string') return { [field]: error.message };
  if (!Array.isArray(issues)) return {};
  return Object.fromEntries((issues as { path?: unknown; message?: unknown }[]).map(({ path, message }) => [String(path ?? '').split('.').at(-1) ?? '', String(message ?? '')] as const));
}

/** The state of an add form, or of an edit of `row`. What was typed is never lost but by closing. */
export function useResourceForm(resource: Resource, api: ResourceApi, row: ResourceRow | undefined, initial: Draft = {}): ResourceFormState {
  const mode = row === undefined ? 'add' : 'edit';
  const session = useSession();
  const keys = (row === undefined ? (resource.form?.add ?? Object.keys(resource.fields)) : editableKeys(resource)).filter((key) => session.has(fieldOf(resource, key).feature));
  const base = shallowRef(row);
  const values = (of: ResourceRow | undefined): Readonly<Record<string, unknown>> => of?.values ?? {};
  const draft = reactive<Draft>(Object.fromEntries(keys.map((key) => [key, toInput(fieldOf(resource, key), row === undefined ? initial[key] : values(row)[key])])));
  const left = reactive(new Set<string>());
  /** As the core says it. */
  const refused = ref<Record<string, string>>({});
  const overtaken = shallowRef<ReadonlySet<string>>(new Set());
  const tried = ref(false);
  const saving = ref(false);
  const failure = ref<string>();
  const sent: WriteHolder = {};

  const wrong = computed(() => Object.fromEntries(keys.map((key) => [key, problemOf(resource, key, draft[key])] as const).filter((entry): entry is [string, string] => entry[1] !== undefined)));
  const problems = computed(() => {
    const own = Object.entries(wrong.value).filter(([key]) => tried.value || left.has(key));
    const said = Object.entries(refused.value).map(([key, text]) => [key, inWords(text)] as const);
    return { ...Object.fromEntries(said), ...Object.fromEntries(own) };
  });
  const changed = computed(() => changedKeys(resource, keys, draft, values(base.value)));
  const touchedAdd = computed(() => keys.some((key) => JSON.stringify(draft[key]) !== JSON.stringify(toInput(fieldOf(resource, key), initial[key]))));

  return {
    mode, keys, draft, base, problems, changed, overtaken, saving, failure,
    dirty: computed(() => (mode === 'add' ? touchedAdd.value : changed.value.length > 0)),
    valid: computed(() => Object.keys(wrong.value).length === 0),
    set(key, value) {
      draft[key] = value;
      failure.value = undefined;
      if (key in refused.value) refused.value = Object.fromEntries(Object.entries(refused.value).filter(([name]) => name !== key));
    },
    leave: (key) => void left.add(key),
    check() {
      tried.value = true;
      return Object.keys(wrong.value).length === 0;
    },
    follow(next) {
      const before = values(base.value);
      const touched = new Set(changed.value);
      const moved = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(values(next)[key]));
      for (const key of moved) if (!touched.has(key)) draft[key] = toInput(fieldOf(resource, key), values(next)[key]);
      overtaken.value = new Set([...overtaken.value, ...moved.filter((key) => touched.has(key))]);
      base.value = next;
      if (moved.some((key) => key in refused.value)) refused.value = {};
    },
    async save() {
      saving.value = true;
      failure.value = undefined;
      try {
        if (base.value === undefined) {
          const added = addValues(resource, keys, draft);
          return (await sendOnce(sent, added, api.create)).id;
        }
        const { id, revision } = base.value;
        const edit = editOf(resource, keys, draft, values(base.value));
        await sendOnce(sent, { revision, edit }, (args, requestId) => api.update(id, args.revision, args.edit, requestId));
        return id;
      } catch (error) {
        const known = Object.entries(fieldProblems(error)).filter(([key]) => keys.includes(key));
        refused.value = Object.fromEntries(known);
        failure.value = known.length === 0 ? messageOf(error) : undefined;
        return undefined;
      } finally {
        saving.value = false;
      }
    },
  };
}
