import { AppError } from '#shared/kernel/error.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { t } from './messages/en.ts';

/** What went wrong in words for a person; an unexpected error is not shown as it is. */
export function messageOf(error: unknown): string {
  if (!(error instanceof AppError)) return t('error.internal');
  if (error.code === 'forbidden') return t('error.forbidden');
  return coreText(error.message);
}

/** The id under which an unexpected error is in the log, where there is one. */
export function quoteOf(error: unknown): string | undefined {
  const id = error instanceof AppError ? error.details?.['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Milliseconds until another attempt is answered, where the error says so. */
export function retryAfterOf(error: unknown): number | undefined {
  const wait = error instanceof AppError ? error.details?.['retryAfter'] : undefined;
  return typeof wait === 'number' && wait > 0 ? wait : undefined;
}
