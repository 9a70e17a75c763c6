import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

export const texts = {
  module: 'Swapping Stations',
  map: 'Map',
  'map.label': 'Swapping stations on the map',
  'map.empty': 'There is no swapping station yet. Add one on the tab Swapping stations.',
  'map.ready': '{ready} of {slots} ready',
  'map.list': 'Open in the list',
  'slots.none': 'No battery lies here.',
  'slots.title': 'Batteries',
  'slots.slot': 'Slot',
  'slots.bmsId': 'BMS ID',
  'slots.soc': 'SoC',
  'slots.state': 'State',
  'swap.act': 'Swap battery',
  'swap.one': 'Tick one battery to swap it.',
  'swap.title': 'Swap battery',
  'swap.text': '{battery} goes into the vehicle; the vehicle’s battery comes into slot {slot} of {station}. Both are written down in the swap history.',
  'swap.vehicle': 'Vehicle',
  'swap.choose': 'VIN, VCU or battery number',
  'swap.noVehicle': 'No vehicle matches.',
  'swap.soc': 'SoC of the returned battery',
  'swap.reported': 'Last reported by the vehicle: {soc} % ({age}).',
  'swap.silent': 'The vehicle has reported none. Read it from the battery, or leave it empty.',
  'swap.socFirst': 'Suggested once the vehicle is chosen.',
  'swap.chooseFirst': 'Choose the vehicle.',
  'swap.done': '{battery} is in the vehicle now.',
} as const;

export const t = createCatalogue(texts, { hi });
