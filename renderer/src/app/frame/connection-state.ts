import type { AppStatus } from '#shared/contract/app.ts';
import { formatClock } from '#renderer/ui/time/format.ts';
import { t } from '../messages/en.ts';
import type { ConnectionState } from '../rpc/connection.ts';

export interface ChipState {
  readonly kind: 'live' | 'waiting' | 'offline';
  readonly text: string;
}

/**
 * What the header's chip says: first whether this window reaches the application, then whether the application reaches
 * its broker, then what still waits to be sent.
 */
export function chipState(connection: ConnectionState, since: number, status: AppStatus | undefined): ChipState {
  if (connection === 'reconnecting') return { kind: 'offline', text: t('chip.offlineSince', { time: formatClock(since) }) };
  if (connection === 'connecting' || status === undefined) return { kind: 'waiting', text: t('chip.connecting') };
  const pending = status.pendingChanges > 0 ? ` · ${t('chip.pending', { count: status.pendingChanges })}` : '';
  switch (status.broker.state) {
    case 'connected':
      return { kind: 'live', text: `${t('chip.live')}${pending}` };
    case 'connecting':
      return { kind: 'waiting', text: `${t('chip.reconnecting')}${pending}` };
    case 'offline':
      return { kind: 'offline', text: `${t('chip.offlineSince', { time: formatClock(status.broker.since) })}${pending}` };
  }
}
