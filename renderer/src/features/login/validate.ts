import { email as emailSchema, newPassword as newPasswordSchema } from '#shared/contract/auth.ts';
import { t } from './messages.ts';

/** What is wrong with an e-mail address, undefined if nothing. */
export function emailProblem(value: string): string | undefined {
  return emailSchema.safeParse(value).success ? undefined : t('problem.email');
}

/** What is wrong with a new password, undefined if nothing. */
export function newPasswordProblem(value: string): string | undefined {
  return newPasswordSchema.safeParse(value).success ? undefined : t('problem.short');
}
