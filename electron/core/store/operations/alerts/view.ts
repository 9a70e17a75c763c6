import type { AlertTab } from '#shared/domain/alerts/rule.ts';

/** Which alerts a principal sees: every one, or those of his customers' vehicles that are not hidden from these customers. */
export type AlertView = 'all' | LimitedView;

export interface LimitedView {
  readonly customers: ReadonlySet<string>;
  readonly hiddenTabs: ReadonlyMap<string, ReadonlySet<AlertTab>>;
  /** Customers by rule. */
  readonly hiddenRules: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What of an alert decides who sees it. */
export interface AlertPlace {
  readonly customerId?: string | undefined;
  readonly tab: AlertTab;
  readonly ruleId: string;
}

export function sees(view: AlertView, { customerId, tab, ruleId }: AlertPlace): boolean {
  if (view === 'all') return true;
  return customerId !== undefined && view.customers.has(customerId) && view.hiddenTabs.get(customerId)?.has(tab) !== true && view.hiddenRules.get(ruleId)?.has(customerId) !== true;
}
