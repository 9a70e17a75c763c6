import { stat } from 'node:fs/promises';
import { contentType } from './content-type.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** A request as both hosts hand it over. */
export interface AssetRequest {
  readonly method: string;
  /** Path of the URL, percent-encoded, without query and fragment. */
  readonly path: string;
  header(name: string): string | undefined;
}

/** Bytes `start` to `end` (both included) of a file. */
export interface FileSlice {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface AssetResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FileSlice;
}

export interface FileOptions {
  readonly cacheControl?: string;
  readonly contentType?: string;
  /** Offers the file for saving under this name. */
  readonly downloadName?: string;
}

/** An answer in words, for the rare person who reads it. */
export function textResponse(status: number, text: string, headers: Readonly<Record<string, string>> = {}): AssetResponse {
  return { status, headers: { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...headers }, body: `${text}\n` };
}

/** A file with its type, a validator, and Range support (RFC 9110, 14: one range; more than one is answered with the whole file). */
export async function fileResponse(request: AssetRequest, file: string, options: FileOptions = {}): Promise<AssetResponse> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) return textResponse(404, 'Not found.');
  const etag = `"${found.size.toString(36)}-${Math.floor(found.mtimeMs).toString(36)}"`;
  const headers: Record<string, string> = {
    ...SECURITY_HEADERS,
    'Content-Type': options.contentType ?? contentType(file),
    'Cache-Control': options.cacheControl ?? 'no-cache',
    'Accept-Ranges': 'bytes',
    ETag: etag,
  };
  if (options.downloadName !== undefined) headers['Content-Disposition'] = contentDisposition(options.downloadName);
  if (request.header('if-none-match') === etag) return { status: 304, headers };

  const range = parseRange(request.header('range'), found.size);
  const ifRange = request.header('if-range');
  if (range === 'unsatisfiable') return textResponse(416, 'No such part.', { 'Content-Range': `bytes */${found.size}` });
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return respond(request, 200, headers, { file, start: 0, end: found.size - 1 });
  return respond(request, 206, { ...headers, 'Content-Range': `bytes ${range.start}-${range.end}/${found.size}` }, { file, ...range });
}

function respond(request: AssetRequest, status: number, headers: Readonly<Record<string, string>>, slice: FileSlice): AssetResponse {
  const length = slice.end - slice.start + 1;
  const sized = { ...headers, 'Content-Length': String(length) };
  if (request.method === 'HEAD') return { status, headers: sized };
  return { status, headers: sized, body: length === 0 ? '' : slice };
}

function parseRange(header: string | undefined, size: number): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start > end || start >= size ? 'unsatisfiable' : { start, end };
}

/** RFC 6266: a plain name for old readers, the exact one in UTF-8. */
function contentDisposition(name: string): string {
  const plain = name.replace(/[^\w.\- ]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
