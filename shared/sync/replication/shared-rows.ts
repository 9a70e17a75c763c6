import type { Resource } from '../../resources/define-resource.ts';
import { setting } from '../../resources/setting.ts';
import type { MutationRecord } from '../mutation.ts';

/** Settings of a whole installation, by their key; every other setting belongs to the node it was made on and never leaves it. */
const SHARED_SETTINGS: ReadonlySet<string> = new Set(['features', 'commissioning', 'alerts.positions']);

export function isSharedSetting(key: string): boolean {
  return SHARED_SETTINGS.has(key);
}

/** Whether a row belongs to this node alone: no page or snapshot touches it. */
export function isOwnRow(resource: Resource, row: Readonly<Record<string, unknown>>): boolean {
  return resource.name === setting.name && !isSharedSetting(String(row['key']));
}

/** Mutations of the product itself that the account of a headless node may send. */
export const SERVICE_MUTATIONS: ReadonlySet<string> = new Set(['unit.seen', 'lease.check']);

/** Whether a mutation made on this node is sent to the authority: what people do, but for settings of this node. */
export function travels(record: Pick<MutationRecord, 'name' | 'args' | 'userId'>, service = false): boolean {
  if (record.userId === 'system') return service && SERVICE_MUTATIONS.has(record.name);
  if (record.name !== 'setting.set') return true;
  const key = (record.args as { readonly key?: unknown } | undefined)?.key;
  return typeof key === 'string' && isSharedSetting(key);
}
