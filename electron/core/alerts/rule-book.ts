import { ALERT_TABS, type AlertRule, type AlertRuleValues, type AlertTab } from '#shared/domain/alerts/rule.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { alertTabs, type AlertTabsRow } from '#shared/resources/alert.ts';
import { alertRule, alertRuleVersion, type AlertRuleRow } from '#shared/resources/alert-rule.ts';
import { alertRuleVersionId } from '#shared/sync/mutators/alert-rule.ts';
import type { AlertView } from '../store/operations/alerts/view.ts';
import type { Operations } from '../store/operations/operations.ts';

/** The rules as they are now, their versions, and what is hidden from customers; kept by the change feed. */
export class RuleBook implements Disposable {
  readonly #read: Operations['read'];
  readonly #rules = new Map<string, AlertRuleRow>();
  readonly #versions = new Map<string, AlertRuleValues>();
  readonly #hiddenTabs = new Map<string, ReadonlySet<AlertTab>>();
  readonly #rulesChanged = new Emitter<void>();
  readonly #viewsChanged = new Emitter<void>();
  readonly #store = new DisposableStore();
  #hiddenRules: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  constructor(operations: Pick<Operations, 'read' | 'onChange'>) {
    this.#read = operations.read;
    for (const row of operations.read.all(alertRule)) this.#rules.set(row.id, row);
    for (const row of operations.read.all(alertTabs)) this.#hiddenTabs.set(row.customerId, new Set(row.hidden));
    this.#indexHidden();
    this.#store.add(
      operations.onChange(({ changes }) => {
        let rules = false;
        let tabs = false;
        for (const { resource, rowId, row } of changes) {
          if (resource === alertRule.name) {
            rules = true;
            if (row === undefined) this.#rules.delete(rowId);
            else this.#rules.set(rowId, row as unknown as AlertRuleRow);
          } else if (resource === alertTabs.name && row !== undefined) {
            tabs = true;
            const { customerId, hidden } = row as unknown as AlertTabsRow;
            this.#hiddenTabs.set(customerId, new Set(hidden));
          }
        }
        if (rules) this.#indexHidden();
        if (rules) this.#rulesChanged.emit();
        if (rules || tabs) this.#viewsChanged.emit();
      }),
    );
  }

  /** Every rule, by name. */
  rows(): readonly AlertRuleRow[] {
    return [...this.#rules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  row(ruleId: string): AlertRuleRow | undefined {
    return this.#rules.get(ruleId);
  }

  /** Every rule as the engine takes it. */
  rules(): readonly AlertRule[] {
    return this.rows().map(ruleOf);
  }

  rule(ruleId: string): AlertRule | undefined {
    const row = this.#rules.get(ruleId);
    return row && ruleOf(row);
  }

  /** What a rule was in a version; its present values where that version is unknown. */
  version(ruleId: string, version: number): AlertRuleValues | undefined {
    const id = alertRuleVersionId(ruleId, version);
    const known = this.#versions.get(id) ?? this.#read.get(alertRuleVersion, id)?.rule;
    if (known) this.#versions.set(id, known);
    return known ?? this.#rules.get(ruleId)?.rule;
  }

  /** Which alerts a principal sees. */
  view(principal: Pick<Principal, 'scope'>): AlertView {
    const { scope } = principal;
    return scope === 'all' ? 'all' : { customers: scope, hiddenTabs: this.#hiddenTabs, hiddenRules: this.#hiddenRules };
  }

  /** The tabs a principal sees: those that some of his customers see. */
  tabs({ scope }: Pick<Principal, 'scope'>): AlertTab[] {
    if (scope === 'all') return [...ALERT_TABS];
    return ALERT_TABS.filter((tab) => [...scope].some((customerId) => this.#hiddenTabs.get(customerId)?.has(tab) !== true));
  }

  /** What is hidden from a customer. */
  hiddenTabs(customerId: string): AlertTab[] {
    return ALERT_TABS.filter((tab) => this.#hiddenTabs.get(customerId)?.has(tab) === true);
  }

  /** Calls back when a rule was added, changed or removed. */
  onRules(listener: () => void): Disposable {
    return this.#rulesChanged.on(listener);
  }

  /** Calls back when what somebody sees may have changed. */
  onViews(listener: () => void): Disposable {
    return this.#viewsChanged.on(listener);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #indexHidden(): void {
    this.#hiddenRules = new Map([...this.#rules.values()].filter((row) => row.rule.hiddenFromCustomerIds.length > 0).map((row) => [row.id, new Set(row.rule.hiddenFromCustomerIds)]));
  }
}

function ruleOf(row: AlertRuleRow): AlertRule {
  return { ...row.rule, id: row.id, version: row.version };
}
