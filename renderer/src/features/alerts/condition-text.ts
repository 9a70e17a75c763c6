import { conditionInHindi } from '#renderer/ui/messages/core-texts/condition.hi.ts';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import { conditionWords, type NamedParameters } from '#shared/domain/alerts/condition-words.ts';
import type { AlertCondition } from '#shared/domain/alerts/rule.ts';

/** Words of a condition, as condition-words.ts puts them, in the language of the window. */
export function inLanguage(words: string): string {
  return currentLocale.value === 'hi' ? conditionInHindi(words) : words;
}

/** A condition in words, in the language of the window. */
export function conditionText(condition: AlertCondition, catalogue: NamedParameters): string {
  return inLanguage(conditionWords(condition, catalogue));
}
