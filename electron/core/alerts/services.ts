import type { Principal } from '#shared/domain/access/principal.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import type { AlertReader } from '../store/operations/alerts/reader.ts';
import { sees } from '../store/operations/alerts/view.ts';
import type { Operations } from '../store/operations/operations.ts';
import type { AlertBoard } from './board.ts';
import type { AlertNames } from './rows.ts';
import type { RuleBook } from './rule-book.ts';
import type { AlertWatch } from './watch.ts';

/** What the handlers of alerts share. */
export interface AlertServices {
  readonly operations: Operations;
  readonly reader: AlertReader;
  readonly board: AlertBoard;
  readonly book: RuleBook;
  readonly watch: Pick<AlertWatch, 'clearRefusal' | 'workshop'>;
  readonly names: AlertNames;
  readonly catalogue: ParameterCatalogue;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/** The alert if it exists and the principal sees it; throws AppError not-found, with one answer for both. */
export function visibleAlert(services: Pick<AlertServices, 'reader' | 'book'>, principal: Principal, alertId: string): AlertRecord {
  const row = services.reader.get(alertId);
  if (row === undefined || !sees(services.book.view(principal), row)) throw new AppError('not-found', 'There is no such alert, or it is not among those you may see.');
  return row;
}
