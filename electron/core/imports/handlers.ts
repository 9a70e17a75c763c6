import type { AppContract, OutputOf } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import { bulkUpload, type BulkUploadRow } from '#shared/resources/bulk-upload.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { countFailures, pageOfUploads, readFailures, type FailedRow } from '../store/operations/local/bulk-uploads.ts';
import type { Operations } from '../store/operations/operations.ts';
import { countOf, type Imports, type Preview } from './imports.ts';
import { UPLOAD_PIECE } from './uploads.ts';
import { writeFailedRows, writeTemplate } from './template-file.ts';

type ImportKey = 'uploads.append' | 'uploads.cancel' | 'imports.template' | 'imports.upload' | 'imports.preview' | 'imports.rows' | 'imports.failedRows' | 'imports.discard' | 'imports.apply' | 'bulkUploads.list' | 'bulkUploads.watch' | 'bulkUploads.failedRows';

export interface ImportServices {
  readonly imports: Imports;
  readonly exchange: Exchange;
  readonly operations: Operations;
}

/** Failed rows that are read at a time. */
const PAGE = 1000;

const linkOf = ({ url, fileName }: { readonly url: string; readonly fileName: string }) => ({ url, fileName });

function countsOf({ rows, samples }: Preview) {
  return { rows: rows.length, add: countOf(rows, 'add'), change: countOf(rows, 'change'), same: countOf(rows, 'same'), failed: countOf(rows, 'failed'), samples };
}

/** Handlers of uploads, imports and the history of bulk uploads. */
export function importHandlers({ imports, exchange, operations }: ImportServices): Pick<Handlers<AppContract, Principal>, ImportKey> {
  const { read } = operations;

  /** Of everybody, or for who is limited to customers the own ones. */
  const visible = (principal: Principal): string | undefined => (principal.scope === 'all' ? undefined : principal.userId);

  function listRow(row: BulkUploadRow, number: number): OutputOf<'bulkUploads.list'>['rows'][number] {
    const { id, title, template, fileName, passed, failed, rows, status, note, updatedAt, updatedBy } = row;
    return { bulkUploadId: id, number, title, template, fileName, passed, failed, rows, status, updatedAt, updatedBy, failuresKept: countFailures(read.database, id), ...(note === undefined ? {} : { note }) };
  }

  function* storedFailures(uploadId: string): Generator<FailedRow> {
    for (let after = 0; ; ) {
      const page = readFailures(read.database, uploadId, after, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.line;
    }
  }

  return {
    'uploads.append': async ({ uploadId, offset, bytes }, context) => ({ received: await imports.uploads.append(uploadId, principalOf(context).sessionId, offset, bytes) }),

    'uploads.cancel': async ({ uploadId }, context) => {
      await imports.uploads.cancel(uploadId, principalOf(context).sessionId);
      return {};
    },

    'imports.template': async ({ template, timeZone }, context) => {
      const source = imports.source(template, principalOf(context));
      return linkOf(await writeTemplate(exchange, { template: source.template, lists: source.lists(principalOf(context)), timeZone }));
    },

    'imports.upload': async (input, context) => ({ uploadId: await imports.upload(principalOf(context), input), pieceBytes: UPLOAD_PIECE }),

    'imports.preview': (input, context, sink) => {
      const signal = { aborted: false };
      imports
        .preview(principalOf(context), input, signal, ({ phase, done, total }) => sink.push({ state: phase, done, total }))
        .then((preview) => {
          sink.push({ state: 'ready', done: preview.rows.length, total: preview.rows.length, importId: preview.id, fileName: preview.fileName, counts: countsOf(preview) });
          sink.end();
        })
        .catch((error: unknown) => signal.aborted || sink.fail(error));
      return disposable(() => (signal.aborted = true));
    },

    'imports.rows': ({ importId, show, offset, limit }, context) => {
      const { rows } = imports.find(importId, principalOf(context));
      const shown = show === 'all' ? rows : rows.filter(({ outcome }) => outcome === show);
      return { total: shown.length, rows: shown.slice(offset, offset + limit).map(({ line, title, outcome, changes, reasons }) => ({ line, title, outcome, changes: [...changes], reasons: [...reasons] })) };
    },

    'imports.failedRows': async ({ importId, timeZone }, context) => {
      const { rows, source } = imports.find(importId, principalOf(context));
      const failed = rows.filter(({ outcome }) => outcome === 'failed').map(({ line, cells, reasons }): FailedRow => ({ line, cells, reason: reasons.join('; ') }));
      return linkOf(await writeFailedRows(exchange, { template: source.template, lists: source.lists(principalOf(context)), timeZone }, failed, failed.length));
    },

    'imports.discard': ({ importId }, context) => {
      imports.discard(importId, principalOf(context));
      return {};
    },

    'imports.apply': ({ importId }, context, sink) => {
      const preview = imports.find(importId, principalOf(context));
      const total = countOf(preview.rows, 'change') + countOf(preview.rows, 'add');
      let watched = true;
      imports
        .apply(preview, ({ bulkUploadId, done, passed, failed }) => sink.push({ state: 'running', done, total, passed, failed, bulkUploadId }))
        .then(({ bulkUploadId, passed, failed, status }) => {
          sink.push({ state: status, done: total, total, passed, failed, bulkUploadId });
          sink.end();
        })
        .catch((error: unknown) => watched && sink.fail(error));
      return disposable(() => (watched = false));
    },

    'bulkUploads.list': ({ offset, limit }, context) => {
      const { total, ids } = pageOfUploads(read.database, { userId: visible(principalOf(context)), offset, limit });
      return { total, rows: ids.flatMap((id, n) => { const row = read.get(bulkUpload, id); return row === undefined ? [] : [listRow(row, total - offset - n)]; }) };
    },

    'bulkUploads.watch': (_input, _context, sink) => {
      let changes = 0;
      return operations.onChange((event) => {
        if (event.changes.some(({ resource }) => resource === bulkUpload.name)) sink.push({ changes: (changes += 1) });
      });
    },

    'bulkUploads.failedRows': async ({ bulkUploadId, timeZone }, context) => {
      const principal = principalOf(context);
      const row = read.get(bulkUpload, bulkUploadId);
      const own = visible(principal);
      const total = row === undefined || (own !== undefined && row.userId !== own) ? 0 : countFailures(read.database, bulkUploadId);
      if (row === undefined || total === 0) throw new AppError('not-found', 'The failed rows of this upload are not kept here.');
      const source = imports.knownSource(row.template);
      return linkOf(await writeFailedRows(exchange, { template: source.template, lists: source.lists(principal), timeZone }, storedFailures(bulkUploadId), total));
    },
  };
}
