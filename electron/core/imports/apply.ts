import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { ImportTemplate } from '#shared/resources/import-template.ts';
import type { FailedRow } from '../store/operations/local/bulk-uploads.ts';
import type { Operations } from '../store/operations/operations.ts';
import type { PlannedRow } from './planned.ts';

/** Rows that are under way at a time; between slices an import can be stopped. */
const SLICE = 250;
/** Uploads whose failed rows are kept: they hold names and phone numbers, and are of use for days. */
const UPLOADS_KEPT = 50;
/** Errors after which no other row would fare better. */
const STOPPERS: readonly string[] = ['store-full', 'store-corrupt', 'store-locked', 'store-unwritable', 'unavailable'];

export interface ApplyOptions {
  readonly operations: Operations;
  readonly principal: Principal;
  readonly template: ImportTemplate;
  readonly fileName: string;
  readonly rows: readonly PlannedRow[];
  /** Why it should stop, once it should. */
  stopped(): string | undefined;
  onProgress(done: { readonly bulkUploadId: string; readonly done: number; readonly passed: number; readonly failed: number }): void;
}

export interface ApplyResult {
  readonly bulkUploadId: string;
  readonly passed: number;
  readonly failed: number;
  readonly status: 'COMPLETED' | 'STOPPED' | 'INTERRUPTED';
}

const failedOf = (row: PlannedRow, reason: string): FailedRow => ({ line: row.line, cells: row.cells, reason });

async function applyRow(operations: Operations, principal: Principal, row: PlannedRow): Promise<AppError | undefined> {
  try {
    await operations.commit({ principal, expect: row.expect, mutations: row.mutations });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/**
 * Applies the rows that change something, slice by slice, each row whole or not at all; rows that fail do not stop the others. The
 * history has its entry from the first moment, and the failed rows with their reasons.
 */
export async function applyRows({ operations, principal, template, fileName, rows, stopped, onProgress }: ApplyOptions): Promise<ApplyResult> {
  const waiting = rows.filter(({ outcome }) => outcome === 'add' || outcome === 'change');
  const refused = rows.filter(({ outcome }) => outcome === 'failed').map((row) => failedOf(row, row.reasons.join('; ')));
  let passed = rows.filter(({ outcome }) => outcome === 'same').length;
  let failed = refused.length;
  const { id: bulkUploadId } = await operations.mutate(principal, 'bulk-upload.begin', { template: template.name, title: template.title, fileName, rows: rows.length, passed, failed });
  const keep = async (failures: readonly FailedRow[]): Promise<void> => {
    for (let at = 0; at < failures.length; at += 1000) await operations.local('bulk-upload.failures-add', { uploadId: bulkUploadId, rows: failures.slice(at, at + 1000) });
  };
  let done = 0;
  let reason: string | undefined;
  let status: ApplyResult['status'] = 'COMPLETED';
  try {
    await operations.local('bulk-upload.failures-prune', { uploads: UPLOADS_KEPT });
    await keep(refused);
    while (done < waiting.length) {
      reason = stopped();
      if (reason !== undefined) {
        status = 'STOPPED';
        break;
      }
      const slice = waiting.slice(done, done + SLICE);
      const errors = await Promise.all(slice.map((row) => applyRow(operations, principal, row)));
      const failures = slice.flatMap((row, n) => (errors[n] === undefined ? [] : [failedOf(row, errors[n].message)]));
      done += slice.length;
      passed += slice.length - failures.length;
      failed += failures.length;
      await keep(failures);
      await operations.mutate(principal, 'bulk-upload.note', { id: bulkUploadId, passed, failed, status: 'RUNNING' });
      onProgress({ bulkUploadId, done, passed, failed });
      reason = errors.find((error) => error !== undefined && STOPPERS.includes(error.code))?.message;
      if (reason !== undefined) {
        status = 'INTERRUPTED';
        break;
      }
    }
    const left = waiting.slice(done).map((row) => failedOf(row, `Not applied: ${reason ?? 'the upload was stopped'}`));
    failed += left.length;
    await keep(left);
    return { bulkUploadId, passed, failed, status };
  } catch (error) {
    status = 'INTERRUPTED';
    reason = error instanceof AppError ? error.message : 'Something unexpected happened.';
    throw error;
  } finally {
    // A store that takes nothing any more has told its reason already; the next start marks the entry as interrupted.
    await operations.mutate(principal, 'bulk-upload.note', { id: bulkUploadId, passed, failed, status, ...(reason === undefined ? {} : { note: reason.slice(0, 500) }) }).catch(() => undefined);
  }
}
