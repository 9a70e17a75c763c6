import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useFileExport, type ExportRun } from '#renderer/live/use-file-export.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import { t } from '../messages.ts';

/** The alerts that match as .xlsx. */
export function useAlertExport(rpc: Rpc): ExportRun<'alerts.export'> {
  const toasts = useToasts();
  return useFileExport(rpc, 'alerts.export', {
    done: (file) => toasts.done(t('export.done', { file })),
    failed: (error) => toasts.failed(t('export.failed', { reason: messageOf(error) })),
  });
}
