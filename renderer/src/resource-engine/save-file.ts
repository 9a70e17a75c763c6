import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { saveLink } from '#renderer/ui/save-link.ts';

/** Saves a file behind a one-time address through the browser. */
export const saveFile = ({ url, fileName }: { readonly url: string; readonly fileName: string }): void => saveLink(url, fileName);

/** Has the core make the template of an import and saves it. */
export async function saveTemplate(rpc: Rpc, template: string, timeZone: string): Promise<void> {
  saveFile(await rpc.call('imports.template', { template, timeZone }));
}

/** Saves the failed records of an upload that was applied. */
export async function saveFailedRecords(rpc: Rpc, bulkUploadId: string, timeZone: string): Promise<void> {
  saveFile(await rpc.call('bulkUploads.failedRows', { bulkUploadId, timeZone }));
}
