import type { AppContract } from '#shared/contract/index.ts';
import { FLOOD_WINDOW, roseNow } from '#shared/domain/alerts/flood.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { DisposableStore } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { localStep } from '../store/operations/operations.ts';
import { sees } from '../store/operations/alerts/view.ts';
import type { AlertServices } from './services.ts';
import { positionsOf, whenPositionsChange } from './positions.ts';
import { SummaryCounts } from './summary.ts';

/** A summary goes out at most this often, ms. */
const PERIOD = 250;
/** Counts that change with time alone are looked at this often, ms. */
const TICK = 10_000;

/** Handlers of the live counts: one set per open stream, kept up with each change of an alert. */
export function alertSummaryHandlers(services: AlertServices): Pick<Handlers<AppContract, Principal>, 'alerts.summary' | 'alerts.viewed'> {
  const { operations, reader, board, book, names, clock, scheduler } = services;
  const viewed = new Emitter<{ readonly sessionId: string }>();

  /** From when on the principal has not seen what was raised: since sign-in, or since the bell was clicked. */
  const unviewedSince = (principal: Principal): number => reader.viewedAt(principal.sessionId) ?? operations.read.sessionCreatedAt(principal.sessionId) ?? clock.now();

  function begin(principal: Principal): SummaryCounts {
    const now = clock.now();
    const view = book.view(principal);
    const calls = reader
      .raised({ view, now, show: 'all', createdAfter: now - FLOOD_WINDOW })
      .filter((row) => row.mutedBy === undefined && sees(view, row) && roseNow(row.raisedAt, row.createdAt))
      .map((row) => row.createdAt)
      .sort((a, b) => a - b);
    const bell = reader.bell(view, unviewedSince(principal), now);
    return new SummaryCounts({ view, open: board.open.values(), calls, bell, now, positions: positionsOf(operations) });
  }

  return {
    'alerts.summary': (_input, context, sink) => {
      const principal = principalOf(context);
      let counts = begin(principal);
      let changed = false;
      let waiting = false;
      const store = new DisposableStore();
      const send = (): void => {
        changed = false;
        sink.push(counts.summary(board.revision, clock.now(), names));
      };
      const tell = (): void => {
        changed = true;
        if (waiting) return;
        waiting = true;
        send();
        store.add(
          scheduler.after(PERIOD, () => {
            waiting = false;
            if (changed) tell();
          }),
        );
      };
      const again = (): void => {
        counts = begin(principal);
        tell();
      };
      store.add(board.onChange((changes) => counts.apply(changes, clock.now()) && tell()));
      store.add(board.onReload(again));
      store.add(book.onViews(again));
      store.add(whenPositionsChange(operations, again));
      store.add(
        viewed.on(({ sessionId }) => {
          if (sessionId !== principal.sessionId) return;
          counts.bell = 0;
          tell();
        }),
      );
      store.add(scheduler.every(TICK, () => counts.tick(clock.now(), board.open.values()) && tell()));
      tell();
      return store;
    },

    'alerts.viewed': async (_input, context) => {
      const { sessionId, userId } = principalOf(context);
      const since = unviewedSince(principalOf(context));
      await operations.commit({ principal: principalOf(context), local: [localStep('alert.viewed', { sessionId, userId, at: clock.now() })] });
      viewed.emit({ sessionId });
      return { since };
    },
  };
}
