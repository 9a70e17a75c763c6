import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

export const texts = {
  'module': 'Device Management',
  'page.title': 'VCU/VTS swapping',
  'swap.edit': 'Swap',
  'swap.title': 'Swap the unit of {vin}',
  'swap.unit': 'New Telematics ID',
  'swap.keep': 'Keep {number}',
  'swap.unitHint': 'Free units, and units on stand-in frames.',
  'swap.standIn': 'on {vin}',
  'swap.noUnits': 'No unit is free. Register one while commissioning.',
  'swap.communication': 'Communication type',
  'swap.model': 'Model',
  'swap.battery': 'Battery model',
  'swap.reason': 'Reason',
  'swap.reasonHint': 'It stands in the swap log and in the vehicle’s logbook.',
  'swap.missing': 'Say why, in three characters or more.',
  'swap.same': 'Choose another unit, communication type or model.',
  'swap.submit': 'Swap',
  'swap.confirmTitle': 'Swap {vin}?',
  'swap.confirmUnit': 'Unit {from} leaves {vin} now and {to} takes its place. What {from} has sent stays with the vehicle.',
  'swap.confirmOther': 'The communication type or model of {vin} changes.',
  'swap.done': '{vin} is swapped.',
  'swap.failed': 'The choices cannot be read: {reason}',
} as const;

/** Reads a text of Device Management. */
export const t = createCatalogue(texts, { hi });
