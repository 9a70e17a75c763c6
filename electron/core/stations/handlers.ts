import type { stationsContract } from '#shared/contract/stations.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Operations } from '../store/operations/operations.ts';

/** Handlers of what people do at swapping stations beyond keeping their rows. */
export function stationHandlers(operations: Pick<Operations, 'mutate'>): Handlers<typeof stationsContract, Principal> {
  return {
    'stations.swap': ({ soc, ...input }, context) => operations.mutate(principalOf(context), 'station.swap', { ...input, ...(soc === undefined ? {} : { soc }) }),
  };
}
