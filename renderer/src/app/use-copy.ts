import { useToasts } from '#renderer/ui/toast/toasts.ts';
import { copyText } from './copy-text.ts';
import { t } from './messages/en.ts';

/** Copies a text and says how it went: `done` where it is on the clipboard, else how to copy it by hand. */
export function useCopy(): (text: string, done: string) => Promise<void> {
  const toasts = useToasts();
  return async (text, done) => {
    if (await copyText(text)) toasts.done(done);
    else toasts.failed(t('copy.failed'));
  };
}
