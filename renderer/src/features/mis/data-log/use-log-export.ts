import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useFileExport, type ExportRun } from '#renderer/live/use-file-export.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import { t } from '../messages.ts';

/** Has the core write the records into a file, follows its progress, and saves it; leaving the page cancels. */
export function useLogExport(rpc: Rpc): ExportRun<'datalog.export'> {
  const toasts = useToasts();
  return useFileExport(rpc, 'datalog.export', {
    done: (file) => toasts.done(t('log.exported', { file })),
    failed: (error) => toasts.failed(t('log.exportFailed', { reason: messageOf(error) })),
  });
}
