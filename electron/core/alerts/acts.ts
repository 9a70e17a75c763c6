import type { AlertAct } from '#shared/domain/alerts/types.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import type { LoggedChange } from '#shared/sync/change.ts';

/** What was stored of an alert when somebody acted on it. */
export type Seen = Pick<AlertRecord, 'lastOccurrenceAt' | 'returnedAt'>;

/** An act with its place in event time: not before what was stored when it was done. What the engine had heard since, the person had not seen. */
export function placed(act: AlertAct, seen: Seen): AlertAct {
  return { ...act, effective: Math.max(act.at, seen.lastOccurrenceAt + 1, seen.returnedAt ?? act.at) };
}

/** What a change of an alert by a person means for the engine; undefined where it means nothing (an owner, a comment). */
export function actOf(change: Pick<LoggedChange, 'fields' | 'at'>, row: AlertRecord): AlertAct | undefined {
  const to = (key: string): unknown => {
    const field = change.fields[key];
    return field === undefined || 'withheld' in field ? undefined : field.to;
  };
  const text = (key: string): string => String(to(key) ?? '');
  const { at } = change;
  if (to('clearedAt') !== undefined) return { kind: 'clear', at, by: text('clearedBy'), comment: text('clearComment'), ...(to('forced') === true ? { force: true } : {}) };
  if ('shelvedUntil' in change.fields) {
    const until = to('shelvedUntil');
    return typeof until === 'number' ? { kind: 'shelve', at, by: row.shelvedBy ?? text('shelvedBy'), reason: row.shelfReason ?? text('shelfReason'), until } : { kind: 'unshelve', at, by: '' };
  }
  if (to('acknowledgedAt') !== undefined) return { kind: 'acknowledge', at, by: text('acknowledgedBy') };
  return undefined;
}
