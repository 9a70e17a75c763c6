import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

/** Every text of the help page. */
export const texts = {
  'ages.text': 'Every value has its own age; hover it for the exact time. A dash means that nothing is known: it never stands for zero. Grey means that the value is old.',
  'ages.title': 'Values and ages',
  'chip.live': 'Vehicle data arrives.',
  'chip.offline': 'The broker, or the application itself, cannot be reached since this time. What is shown is the last that was received; it comes back by itself.',
  'chip.pending': 'Changes made here that have not been sent yet.',
  'chip.pendingName': '3 changes waiting',
  'chip.reconnecting': 'The connection is being made again.',
  'chip.title': 'The mark at the top right',
  'command': 'What statuses and marks mean',
  'find.text': 'Press {keys} anywhere and type any part of a VIN, VCU, BMS, motor or registration number, a customer, a page or a command. In a list, / goes to its own search.',
  'find.title': 'Find anything',
  'keys.button': 'Show keyboard shortcuts',
  'keys.text': 'Everything can be done without a mouse. The ? key lists what works on the page you are on.',
  'keys.title': 'Keyboard',
  'severity.critical': 'Needs an act now.',
  'severity.criticalName': 'Critical',
  'severity.high': 'Needs an act soon.',
  'severity.highName': 'High',
  'severity.low': 'Should be known.',
  'severity.lowName': 'Low',
  'severity.title': 'How urgent something is',
  'status.charging': 'On the charger and standing, whatever the ignition says.',
  'status.ignition-off': 'Heard from within a day; the ignition is off.',
  'status.moving': 'Ignition on, speed above 0.',
  'status.not-communicating': 'Not heard from for more than 72 hours, or never.',
  'status.note': 'A vehicle has exactly one status at a time; the six add up to All. While this console is offline, statuses hold for the time of the last contact.',
  'status.offline': 'Not heard from for more than 24 hours.',
  'status.stopped': 'Ignition on, speed 0; also while the ignition is not known.',
  'status.title': 'Vehicle status',
  'title': 'Help',
} as const;

/** Reads a text of the help page. */
export const t = createCatalogue(texts, { hi });
