import { shallowRef, type ShallowRef } from 'vue';
import type { OutputOf } from '#shared/contract/index.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

export type CatalogueParameter = OutputOf<'catalogue.parameters'>['parameters'][number];

/** The parameter catalogue by number, empty until it came; `failed` says why it did not. */
export function useCatalogue(rpc: Rpc): { readonly byNumber: Readonly<ShallowRef<ReadonlyMap<number, CatalogueParameter>>>; readonly failed: Readonly<ShallowRef<unknown>> } {
  const byNumber = shallowRef<ReadonlyMap<number, CatalogueParameter>>(new Map());
  const failed = shallowRef<unknown>();
  rpc.call('catalogue.parameters', {}).then(
    ({ parameters }) => (byNumber.value = new Map(parameters.map((parameter) => [parameter.number, parameter]))),
    (error: unknown) => (failed.value = error),
  );
  return { byNumber, failed };
}
