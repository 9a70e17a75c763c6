import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { AlertServices } from './services.ts';

type WorkshopKey = 'alerts.workshop' | 'alerts.enterWorkshop' | 'alerts.leaveWorkshop';

/** Handlers of the workshop mode of vehicles that the principal sees. */
export function workshopHandlers({ operations, watch, clock, vehicleVisible }: AlertServices & { readonly vehicleVisible: (principal: Principal, vehicleId: string) => boolean }): Pick<Handlers<AppContract, Principal>, WorkshopKey> {
  return {
    'alerts.workshop': ({ vehicleId }, context) => {
      if (!vehicleVisible(principalOf(context), vehicleId)) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
      const stay = watch.workshop.of(vehicleId, clock.now());
      return stay ? { until: stay.until, reason: stay.reason, by: stay.setBy } : {};
    },
    'alerts.enterWorkshop': ({ vehicleId, hours, reason }, context) => operations.mutate(principalOf(context), 'workshop.enter', { vehicleId, hours, reason }),
    'alerts.leaveWorkshop': ({ vehicleId }, context) => operations.mutate(principalOf(context), 'workshop.leave', { vehicleId }),
  };
}
