import type { Aedes } from 'aedes';
import { BROKER_LIMITS } from './limits.ts';

interface Subscriber {
  readonly clientId: string;
}

interface Persistence {
  outgoingEnqueueCombi(subscribers: readonly Subscriber[], packet: unknown): Promise<void>;
}

/**
 * Bounds what the broker keeps for units that are away: after BROKER_LIMITS.offlineMessages new messages are dropped and counted.
 * (aedes' own memory keeps everything.)
 */
export function boundOfflineQueue(broker: Aedes, dropped: (count: number) => void): void {
  const { persistence } = broker as unknown as { readonly persistence: Persistence };
  const { clients } = broker as unknown as { readonly clients: Readonly<Record<string, unknown>> };
  const kept = new Map<string, number>();
  const enqueue = persistence.outgoingEnqueueCombi.bind(persistence);
  broker.on('client', (client) => void kept.delete(client.id));
  persistence.outgoingEnqueueCombi = (subscribers, packet) => {
    const accepted = subscribers.filter(({ clientId }) => {
      if (clients[clientId] !== undefined) return true;
      const count = kept.get(clientId) ?? 0;
      if (count >= BROKER_LIMITS.offlineMessages) return false;
      kept.set(clientId, count + 1);
      return true;
    });
    if (accepted.length < subscribers.length) dropped(subscribers.length - accepted.length);
    return enqueue(accepted, packet);
  };
}
