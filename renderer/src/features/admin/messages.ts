import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

export const texts = {
  'module': 'Admin',
  'battery.chooseModel': 'Choose the model first',
  'battery.choose': 'Choose a battery model',
  'live.vehicle': 'Vehicle status',
  'live.status': 'Status',
  'live.last': 'Last communication',
  'live.battery': 'Battery details',
  'live.more': 'More info',
  'live.outside': 'out of range',
  'live.silent': 'Nothing reported yet.',
  'live.failed': 'The live values cannot be shown: {reason}',
  'place.search': 'Find a city',
  'place.hint': 'Offline: places come with the product.',
  'place.go': 'Search',
  'place.none': 'No place has this name. Enter it below.',
  'place.found': 'Places found',
  'leases': 'Lease Details',
  'models.batteries': 'Choose battery models',
  'models.noBatteries': 'None is known yet: add it under Battery models.',
  'models.dbc': 'DBC files are assigned under CAN bench › DBC files.',
  'models.noDbc': 'None assigned',
} as const;

/** Reads a text of Admin. */
export const t = createCatalogue(texts, { hi });
