import type { NumberAnswer } from '#shared/contract/commissioning.ts';
import type { NumberKind } from '#shared/domain/commissioning/index.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { t } from './messages.ts';

/** What is known of a number, and what to do, in words. */
export function answerText(kind: NumberKind, answer: NumberAnswer): string {
  const { number, holder, looksLike } = answer;
  const vin = holder?.vin ?? '';
  switch (answer.state) {
    case 'free':
      return t('answer.free', { number });
    case 'placeholder':
      return kind === 'vcu' ? t('answer.placeholderVcu', { number, vin }) : t('answer.placeholder', { number, vin });
    case 'bound':
      return holder?.customer === undefined ? t('answer.bound', { number, vin }) : t('answer.boundCustomer', { number, vin, customer: holder.customer });
    case 'member':
      return t('answer.member', { number, vin });
    case 'unknown':
      return t('answer.unknown', { number });
    case 'heard':
      return t('answer.heard', { number });
    case 'stand-in':
      return t('answer.stand-in', { number });
    case 'wrong-kind':
      return t('answer.wrong-kind', { kind: t(`kind.${looksLike ?? 'vcu'}`) });
    case 'invalid':
      return t('answer.invalid', { problem: coreText(answer.problem ?? '') });
  }
}
