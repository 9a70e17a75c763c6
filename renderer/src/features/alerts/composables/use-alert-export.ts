import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import type { InputOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { t } from '../messages.ts';

/** Has the core write the alerts that match as .xlsx, follows its progress, and saves it; leaving the page cancels. */
export function useAlertExport(rpc: Rpc): { readonly progress: Readonly<ShallowRef<{ done: number; total: number } | undefined>>; start(input: InputOf<'alerts.export'>): void; cancel(): void } {
  const toasts = useToasts();
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
      stream = rpc.open('alerts.export', input, {
        onItem(item) {
          progress.value = { done: item.done, total: item.total };
          if (item.state !== 'ready' || item.url === undefined) return;
          const link = document.createElement('a');
          link.href = item.url;
          link.download = item.fileName ?? '';
          link.click();
          toasts.done(t('export.done', { file: item.fileName ?? '' }));
          cancel();
        },
        onError(error) {
          toasts.failed(t('export.failed', { reason: messageOf(error) }));
          cancel();
        },
      });
    },
  };
}
