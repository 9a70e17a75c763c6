import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { Handlers } from '#shared/rpc/handlers.ts';
import type { PlaceNames } from './places.ts';

/** Handlers of the gazetteer. */
export function placeHandlers(places: PlaceNames): Pick<Handlers<AppContract, Principal>, 'places.search'> {
  return {
    'places.search': ({ text, limit }) => ({
      places: places.search(text, limit).map(({ place, district, state, country, zone, lat, lon }) => ({ place, state, country, lat, lon, ...(district === undefined ? {} : { district }), ...(zone === undefined ? {} : { zone }) })),
    }),
  };
}
