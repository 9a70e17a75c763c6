import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ItemOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

export type BenchItem = ItemOf<'commission.bench'>;

export interface BenchSubject {
  readonly deviceId: string;
  readonly modelId: string;
  readonly bmsId: string;
}

/** The bench check of a vehicle, followed while the calling component lives; another vehicle starts anew, none ends it. */
export function useBench(rpc: Rpc, subject: Readonly<Ref<BenchSubject | undefined>>): { readonly item: Readonly<ShallowRef<BenchItem | undefined>>; readonly failure: Readonly<ShallowRef<unknown>> } {
  const item = shallowRef<BenchItem>();
  const failure = shallowRef<unknown>();
  let stream: Disposable | undefined;
  watch(
    () => JSON.stringify(subject.value),
    () => {
      stream?.dispose();
      stream = undefined;
      item.value = undefined;
      failure.value = undefined;
      if (subject.value === undefined) return;
      stream = rpc.open('commission.bench', subject.value, { onItem: (next) => void (item.value = next), onError: (error) => void (failure.value = error) });
    },
    { immediate: true },
  );
  onScopeDispose(() => stream?.dispose());
  return { item, failure };
}
