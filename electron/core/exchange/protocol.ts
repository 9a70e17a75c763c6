import type { AppErrorData } from '#shared/kernel/error.ts';
import type { ExportRow, GridDescription } from './grid-file.ts';

/** Core → file worker. One job at a time; `rows` is sent again only after `taken`. */
export type FileRequest =
  | { readonly type: 'begin'; readonly path: string; readonly format: 'xlsx' | 'csv'; readonly grid: GridDescription }
  | { readonly type: 'rows'; readonly batch: readonly ExportRow[] }
  | { readonly type: 'end' }
  | { readonly type: 'abort' };

/** File worker → core: the answer to each request, in order. */
export type FileReply = { readonly type: 'taken' } | { readonly type: 'failed'; readonly error: AppErrorData };
