import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';

/** Reads a text of the MIS pages. */
export const t = createCatalogue({
  'module': 'MIS',
  'list.title': 'Dashboards',
  'list.state': { one: '{count} vehicle, newest message', other: '{count} vehicles, newest message' },
  'list.refresh': 'Refresh {title}',
  'live.title': 'Live parameter report',
  'live.text': 'The latest value of every decoded parameter of a vehicle, updating live, with unit of measure, age and out-of-range marking.',
  'live.vehicle': 'Vehicle',
  'live.choose': 'Choose a vehicle',
  'live.chooseText': 'Type a VIN, VCU, battery or motor number above.',
  'live.none': 'No vehicle matches',
  'live.failed': 'The report cannot be shown: {reason}',
});
