import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { LiveFleet } from '../live/live-fleet.ts';
import type { DemoSimulator } from './demo-simulator.ts';

type DemoKey = 'demo.injectFault' | 'demo.clearFaults' | 'demo.flood';

/** Handlers that put faults into the demo fleet; elsewhere they refuse. */
export function demoHandlers({ simulator, fleet, clock }: { readonly simulator: () => DemoSimulator | undefined; readonly fleet: LiveFleet; readonly clock: Clock }): Pick<Handlers<AppContract, Principal>, DemoKey> {
  function demo(): DemoSimulator {
    const found = simulator();
    if (!found) throw new AppError('refused', 'Faults can be put into the simulated vehicles of the demo fleet only.');
    return found;
  }
  return {
    'demo.injectFault': async ({ vehicleId, fault, seconds }, context) => {
      const demoFleet = demo();
      const found = fleet.find(principalOf(context), vehicleId);
      if (!found) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
      const reached = await demoFleet.ask({ kind: 'inject', deviceId: found.entry.deviceId ?? '', fault, duration: seconds * 1000 });
      if (reached === 0) throw new AppError('refused', 'This vehicle is silent, or its unit only tracks positions. Choose one that is on the road.');
      return { until: clock.now() + seconds * 1000 };
    },
    'demo.clearFaults': async () => {
      await demo().ask({ kind: 'clear' });
      return {};
    },
    'demo.flood': async ({ alerts, seconds }) => ({ vehicles: await demo().ask({ kind: 'flood', alerts, duration: seconds * 1000 }) }),
  };
}
