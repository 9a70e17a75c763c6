import { AppError } from '#shared/kernel/error.ts';

/** A write that was sent: what it says, and the id by which the core does it once. */
export interface WriteRequest {
  readonly text: string;
  readonly id: string;
}

/** Where a form keeps the write it has sent until it is answered. */
export interface WriteHolder {
  request?: WriteRequest | undefined;
}

/**
 * Sends a write under an id of its own. Where the answer was lost, sending the same again goes under the same id: what was done then is
 * answered and not done twice. Other arguments, or a refusal, make it another write.
 */
export async function sendOnce<A, T>(holder: WriteHolder, args: A, send: (args: A, requestId: string) => Promise<T>): Promise<T> {
  const text = JSON.stringify(args);
  const request = holder.request?.text === text ? holder.request : { text, id: window.crypto.randomUUID() };
  holder.request = request;
  try {
    const answer = await send(args, request.id);
    delete holder.request;
    return answer;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unavailable')) delete holder.request;
    throw error;
  }
}
