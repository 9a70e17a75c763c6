import { formatNumber } from '#renderer/ui/format-number.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import { t } from './messages.ts';

export type Gap = OutputOf<'intake.gaps'>['gaps'][number];

/** Which messages are missing, in words: how many, their numbers, the boot they belong to. */
export function gapText({ boot, from, to }: Gap): string {
  const count = formatNumber(to - from + 1);
  return from === to ? t('gaps.one', { from, boot }) : t('gaps.range', { count, from, to, boot });
}

const REASONS = { get 'not-kept'() { return t('gaps.notKept'); }, get rejected() { return t('gaps.rejected'); }, get 'no-answer'() { return t('gaps.noAnswer'); }, get 'too-old'() { return t('gaps.tooOld'); } } as const;

/** What becomes of them: still to be asked for, or given up and why. */
export function gapState({ reason }: Gap): string {
  return reason === undefined ? t('gaps.open') : t('gaps.givenUp', { reason: REASONS[reason] });
}
