import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Handlers } from '#shared/rpc/handlers.ts';

type LaterKey = 'alerts.kpi' | 'alerts.frames' | 'alertRules.try';

function unavailable(): never {
  throw new AppError('unavailable', 'This is not available in this version.');
}

/** Procedures whose service does not exist in this version. */
export function laterHandlers(): Pick<Handlers<AppContract, Principal>, LaterKey> {
  return {
    'alerts.kpi': unavailable,
    'alerts.frames': unavailable,
    'alertRules.try': unavailable,
  };
}
