import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import { textResponse, type AssetRequest, type AssetResponse } from '#shared/platform-node/web/asset-response.ts';
import { APP_HOST, APP_SCHEME } from './channels.ts';

/** Makes app:// a secure origin of its own. To be called before the application is ready. It does not bypass the content security policy. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } }]);
}

/** Answers every app:// request of the default session from `serve`. */
export function handleAppProtocol(serve: (request: AssetRequest) => Promise<AssetResponse>): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== APP_HOST) return toResponse(textResponse(404, 'Not found.'));
    return toResponse(await serve({ method: request.method, path: pathname, header: (name) => request.headers.get(name) ?? undefined }));
  });
}

function toResponse({ status, headers, body }: AssetResponse): Response {
  if (typeof body !== 'object') return new Response(status === 204 || status === 304 ? null : (body ?? ''), { status, headers });
  const stream = Readable.toWeb(createReadStream(body.file, { start: body.start, end: body.end }));
  return new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>, { status, headers });
}
