import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { saveLink } from '#renderer/ui/save-link.ts';
import type { InputOf, StreamName } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';

/** Streams by which the core writes a file: progress, then the one-time address. */
export type ExportName = Extract<StreamName, `${string}.export`>;

export interface ExportRun<N extends ExportName> {
  readonly progress: Readonly<ShallowRef<{ done: number; total: number } | undefined>>;
  start(input: InputOf<N>): void;
  cancel(): void;
}

export interface ExportEnd {
  /** The file is being saved by the browser. */
  done(fileName: string): void;
  failed(error: unknown): void;
}

/** Has the core write a file, follows its progress, and saves it; leaving the page cancels. */
export function useFileExport<N extends ExportName>(rpc: Rpc, name: N, end: ExportEnd): ExportRun<N> {
  const progress = shallowRef<{ done: number; total: number }>();
  let stream: Disposable | undefined;
  function cancel(): void {
    stream?.dispose();
    stream = undefined;
    progress.value = undefined;
  }
  onScopeDispose(cancel);
  return {
    progress,
    cancel,
    start(input) {
      cancel();
      progress.value = { done: 0, total: 0 };
      stream = rpc.open<ExportName>(name, input as InputOf<ExportName>, {
        onItem(item) {
          progress.value = { done: item.done, total: item.total };
          if (item.state !== 'ready' || item.url === undefined) return;
          saveLink(item.url, item.fileName ?? '');
          end.done(item.fileName ?? '');
          cancel();
        },
        onError(error) {
          end.failed(error);
          cancel();
        },
      });
    },
  };
}
