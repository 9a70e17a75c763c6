import { coreText } from '#renderer/ui/messages/core-texts.ts';
import type { AuditRow } from '#shared/contract/audit.ts';
import { t, texts } from './messages.ts';

type KindKey = Extract<keyof typeof texts, `kind.${string}`>;

const isKind = (key: string): key is KindKey => Object.hasOwn(texts, key);

/** What was done, in words; a kind that this window does not know is named as it is stored. */
export function whatOf({ kind, label }: AuditRow): string {
  const key = `kind.${kind}`;
  const words = isKind(key) ? t(key) : kind;
  const what = label === undefined ? undefined : coreText(label);
  if (kind === 'mutation') return what ?? words;
  return what === undefined ? words : `${words}: ${what}`;
}

/** What it was about: the rows that changed, or whom or what the entry names. */
export function subjectOf({ kind, changes, subject }: AuditRow): string {
  if (kind !== 'mutation') return subject === '' ? '–' : subject;
  const [first, ...others] = changes.map(({ resourceLabel, title }) => [coreText(resourceLabel), title].filter(Boolean).join(' '));
  if (first === undefined) return '–';
  return others.length === 0 ? first : `${first} +${others.length}`;
}
