import type { Principal } from '#shared/domain/access/principal.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { unit } from '#shared/resources/unit.ts';
import type { Operations } from '../operations.ts';
import type { FleetDirectory } from './directory.ts';

/** New units whose rows may be on their way; more wait for their next message. */
const WAITING_BOUND = 200;
/** Unregistered units that are given a row between two starts: a broker that is flooded with invented names fills no table. */
const UNKNOWN_BOUND = 10_000;

export interface SeenUnits {
  /** To be called with the Device ID of any message (cheap for known units); gives an unknown unit its row. */
  seen(deviceId: string, receivedAt: number): void;
  /** Names that cannot be a unit's, and units beyond the bounds. */
  readonly refused: number;
}

/** Gives units that the broker hears and nobody has registered a row, in the name of the product itself. */
export function createSeenUnits(options: { readonly operations: Operations; readonly directory: FleetDirectory; readonly system: Principal; readonly log: Log }): SeenUnits {
  const { operations, directory, system, log } = options;
  const waiting = new Set<string>();
  let made = 0;
  let refused = 0;

  return {
    seen(deviceId, receivedAt) {
      if (directory.unit(directory.unitIdOf(deviceId)) !== undefined || waiting.has(deviceId)) return;
      if (waiting.size >= WAITING_BOUND || made >= UNKNOWN_BOUND || !unit.fields.deviceId.schema.safeParse(deviceId).success) {
        refused += 1;
        return;
      }
      waiting.add(deviceId);
      made += 1;
      operations
        .mutate(system, 'unit.seen', { deviceId, at: receivedAt })
        .catch((error: unknown) => log.write('warn', 'a new unit could not be stored', { deviceId, error }))
        .finally(() => waiting.delete(deviceId));
    },
    get refused() {
      return refused;
    },
  };
}
