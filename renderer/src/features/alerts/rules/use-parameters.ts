import { computed, type ComputedRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useCatalogue, type CatalogueParameter } from '#renderer/live/use-catalogue.ts';
import type { NamedParameters } from '#shared/domain/alerts/condition-words.ts';

export interface Parameters extends NamedParameters {
  /** Those a condition can name: everything but texts. */
  readonly list: readonly CatalogueParameter[];
  byKey(key: string): CatalogueParameter | undefined;
}

/** The catalogue by key, for conditions and their words. */
export function useParameters(rpc: Rpc): ComputedRef<Parameters> {
  const { byNumber } = useCatalogue(rpc);
  return computed(() => {
    const list = [...byNumber.value.values()].filter(({ kind }) => kind !== 'text');
    const byKey = new Map(list.map((parameter) => [parameter.key, parameter]));
    return { list, byKey: (key) => byKey.get(key) };
  });
}
