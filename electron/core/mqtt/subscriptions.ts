import type { ExternalBroker } from './connect-options.ts';

/** How long messages after a resumed session count as the broker's backlog where the marker does not come back, ms. */
export const BACKLOG_LIMIT = 15 * 60_000;

/**
 * What is subscribed to at an external broker (docs/protocols/telemetry.md, Topics), and the topic of the marker that the console
 * publishes to itself: it comes back behind everything the broker has kept for the session.
 */
export function subscriptionsOf(broker: Pick<ExternalBroker, 'topicPrefix' | 'fleet' | 'clientId'>, extraFilters: readonly string[] = []): { readonly filters: readonly string[]; readonly marker: string } {
  const base = `${broker.topicPrefix}/${broker.fleet}`;
  const marker = `${broker.topicPrefix}/console/${broker.clientId.replaceAll(/[^A-Za-z0-9._:-]/g, '-')}/marker`;
  return { filters: [`${base}/+/+`, `${base}/+/cmd/+/ack`, marker, ...extraFilters], marker };
}

/** Words for filters that the broker does not grant. */
export function refusedText(filters: readonly string[]): string {
  return `The broker does not let this user read ${filters.join(', ')}. Change its access list.`;
}
