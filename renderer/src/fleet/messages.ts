import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

/** Texts of the widgets that several modules use. */
export const texts = {
  'parameters.filter': 'Filter parameters',
  'parameters.all': 'All',
  'parameters.outside': 'Out of range',
  'parameters.name': 'Parameter',
  'parameters.value': 'Value',
  'parameters.age': 'Age',
  'parameters.trend': 'Last 15 min',
  'parameters.range': 'Normal range',
  'parameters.outOfRange': 'out of range',
  'parameters.emptyTitle': 'Nothing reported yet',
  'parameters.emptyText': 'Values appear here as soon as the unit sends its first message.',
  'parameters.noneMatch': 'No parameter matches',
  'parameters.noneOutside': 'Every value is within its normal range.',
  'cells.title': { one: '{count} cell voltage', other: '{count} cell voltages' },
  'cells.spread': 'spread {spread} mV',
  'cells.lowest': 'low',
  'cells.highest': 'high',
  'alarms.title': 'Alarms',
  'alarms.none': 'none of {count} active',
  'trend.failed': 'The readings cannot be shown: {reason}',
  'trend.loading': 'Reading the history',
  'trend.damaged': 'A part of what is stored is damaged and left out. Look under Settings › Storage.',
  'trend.truncated': 'More is stored than can be read at once: the oldest part is missing. Choose a shorter range.',
  'group.VCU': 'Vehicle and telematics (VCU)',
  'group.BMS': 'Battery (BMS)',
  'group.MCU': 'Motor controller (MCU)',
  'group.Charger': 'Charger',
  'group.Other': 'Other',
} as const;

/** Texts of the widgets that several modules use. */
export const t = createCatalogue(texts, { hi });
