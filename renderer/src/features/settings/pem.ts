import { t } from './messages.ts';

/** The contract takes this many characters of PEM text. */
export const MAX_PEM = 100_000;

/** What is wrong with a certificate or key file, undefined if nothing. */
export function pemProblem(text: string): string | undefined {
  if (text.length > MAX_PEM) return t('file.problemSize');
  return text.includes('-----BEGIN') ? undefined : t('file.problemPem');
}
