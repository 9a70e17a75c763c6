import { SHELF_TIMES } from './rule.ts';
import type { Track } from './track.ts';
import type { AlertAct } from './types.ts';

export const NOT_OPEN = 'The alert is no longer open.';

/** Why an act is refused now; undefined: it is not. */
export function refusalOf(track: Track, act: AlertAct): string | undefined {
  const { open, rule } = track;
  if (!open) return NOT_OPEN;
  const { shelvable } = rule.rule;
  switch (act.kind) {
    case 'acknowledge':
      return open.record.acknowledgedAt === undefined ? undefined : 'It is already acknowledged.';
    case 'clear':
      if (open.record.returnedAt !== undefined) return undefined;
      if (!act.force) return 'The condition still holds. Clear it when the value has returned to normal, or shelve it.';
      return shelvable ? undefined : 'The condition still holds, and this alert cannot be shelved.';
    case 'shelve':
      return shelvable ? undefined : 'This alert cannot be shelved.';
    case 'unshelve':
      return track.shelf ? undefined : 'It is not shelved.';
  }
}

/** Takes an act; returns it as it is to be kept. The caller derives the alerts anew. */
export function applyAct(track: Track, act: AlertAct): AlertAct {
  const record = track.open?.record;
  // A unit's clock may be ahead of the console's: an act is never before what the person saw.
  const effective = act.effective ?? Math.max(act.at, record ? record.lastOccurrenceAt + 1 : act.at, record?.returnedAt ?? act.at);
  const kept = { ...act, effective };
  switch (kept.kind) {
    case 'shelve':
      track.shelf = { since: kept.at, until: kept.until, by: kept.by, reason: kept.reason };
      break;
    case 'unshelve':
      track.shelf = undefined;
      break;
    case 'clear':
      track.shelf = kept.force ? { since: kept.at, until: kept.at + SHELF_TIMES['8h'], by: kept.by, reason: kept.comment } : undefined;
      addAct(track, kept);
      break;
    case 'acknowledge':
      addAct(track, kept);
  }
  return kept;
}

/** Adds an act once. */
export function addAct(track: Track, act: AlertAct): void {
  if (!track.acts.some((known) => known.kind === act.kind && known.at === act.at && known.by === act.by)) track.acts.push(act);
}
