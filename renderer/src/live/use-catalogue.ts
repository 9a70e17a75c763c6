import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { OutputOf } from '#shared/contract/index.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';

export type CatalogueParameter = OutputOf<'catalogue.parameters'>['parameters'][number];

/** A parameter with its label and the words for its values in the language of the window. */
export function inWords(parameter: CatalogueParameter): CatalogueParameter {
  const { label, choices } = parameter;
  return { ...parameter, label: coreText(label), ...(choices === undefined ? {} : { choices: Object.fromEntries(Object.entries(choices).map(([value, word]) => [value, coreText(word)])) }) };
}

/** The parameter catalogue by number in the language of the window, empty until it came; `failed` says why it did not. */
export function useCatalogue(rpc: Rpc): { readonly byNumber: ComputedRef<ReadonlyMap<number, CatalogueParameter>>; readonly failed: Readonly<ShallowRef<unknown>> } {
  const answer = shallowRef<readonly CatalogueParameter[]>([]);
  const byNumber = computed(() => new Map(answer.value.map((parameter) => [parameter.number, inWords(parameter)])));
  const failed = shallowRef<unknown>();
  rpc.call('catalogue.parameters', {}).then(
    ({ parameters }) => (answer.value = parameters),
    (error: unknown) => (failed.value = error),
  );
  return { byNumber, failed };
}
