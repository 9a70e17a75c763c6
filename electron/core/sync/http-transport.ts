import type { z } from 'zod';
import { AppError, ERROR_CODES, type ErrorCode } from '#shared/kernel/error.ts';
import type { SyncTransport } from '#shared/sync/replication/loop.ts';
import { pullResponse, pushResponse, snapshotPage } from '#shared/sync/replication/protocol.ts';

export interface HttpTransportOptions {
  /** Address of the server, such as `https://fleet.example`. */
  readonly server: string;
  /** The access token of the session, renewed where it has run out; rejects with AppError not-signed-in. */
  readonly accessToken: () => Promise<string>;
  /** Ends a request that takes longer, ms. */
  readonly timeout?: number;
  readonly fetch?: typeof fetch;
}

/** A page of rows on a slow line takes this long at most, ms. */
const TIMEOUT = 60_000;

/** Carries sync to a server over HTTP: JSON there and back. What does not arrive, or comes from something else than the server, is `unavailable`. */
export function httpTransport(options: HttpTransportOptions): SyncTransport {
  const post = async <S extends z.ZodType>(path: string, body: unknown, schema: S): Promise<z.output<S>> => {
    const token = await options.accessToken();
    let status: number;
    let answer: unknown;
    try {
      const response = await (options.fetch ?? fetch)(new URL(path, options.server), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeout ?? TIMEOUT),
      });
      status = response.status;
      answer = await response.json();
    } catch (error) {
      throw unreachable(error);
    }
    if (status !== 200) throw refusal(status, answer);
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw unreachable(parsed.error);
    return parsed.data;
  };
  return {
    push: (request) => post('/sync/push', request, pushResponse),
    pull: (request) => post('/sync/pull', request, pullResponse),
    snapshot: (request) => post('/sync/snapshot', request, snapshotPage),
  };
}

function unreachable(cause: unknown): AppError {
  return new AppError('unavailable', 'The server cannot be reached. Changes are kept and sent later.', undefined, { cause });
}

/** The server's own error; an answer without one comes from something between. */
function refusal(status: number, answer: unknown): AppError {
  const { code, message, details } = (typeof answer === 'object' && answer !== null ? answer : {}) as { readonly code?: unknown; readonly message?: unknown; readonly details?: Readonly<Record<string, unknown>> };
  if (typeof message !== 'string' || !(ERROR_CODES as readonly unknown[]).includes(code)) return unreachable(new Error(`status ${status}`));
  return new AppError(code as ErrorCode, message, details);
}
