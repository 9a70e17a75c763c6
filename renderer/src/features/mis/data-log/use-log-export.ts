import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import type { InputOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { t } from '../messages.ts';

export interface LogExport {
  readonly progress: Readonly<ShallowRef<{ readonly done: number; readonly total: number } | undefined>>;
  start(input: InputOf<'datalog.export'>): void;
  cancel(): void;
}

/** Has the core write the records into a file, follows its progress, and saves it; leaving the page cancels. */
export function useLogExport(rpc: Rpc): LogExport {
  const toasts = useToasts();
  const progress = shallowRef<{ readonly done: number; readonly total: number }>();
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
      stream = rpc.open('datalog.export', input, {
        onItem(item) {
          progress.value = { done: item.done, total: item.total };
          if (item.state !== 'ready' || item.url === undefined) return;
          const link = document.createElement('a');
          link.href = item.url;
          link.download = item.fileName ?? '';
          link.click();
          toasts.done(t('log.exported', { file: item.fileName ?? '' }));
          cancel();
        },
        onError(error) {
          toasts.failed(t('log.exportFailed', { reason: messageOf(error) }));
          cancel();
        },
      });
    },
  };
}
