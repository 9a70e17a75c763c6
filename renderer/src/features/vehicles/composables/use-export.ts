import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useFileExport, type ExportRun } from '#renderer/live/use-file-export.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import { t } from '../messages.ts';

/** The grid as .xlsx. */
export function useExport(rpc: Rpc): ExportRun<'fleet.export'> {
  const toasts = useToasts();
  return useFileExport(rpc, 'fleet.export', {
    done: (file) => toasts.done(t('grid.exported', { file })),
    failed: (error) => toasts.failed(t('grid.exportFailed', { reason: messageOf(error) })),
  });
}
