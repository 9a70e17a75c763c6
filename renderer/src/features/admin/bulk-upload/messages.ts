import { createCatalogue } from '#renderer/ui/messages/catalogue.ts';
import { hi } from './messages.hi.ts';

export const texts = {
  'column.failed': 'Failed Records',
  'column.file': 'File',
  'column.number': '#',
  'column.passed': 'Passed Records',
  'column.status': 'Status',
  'column.template': 'Template Name',
  'column.updatedAt': 'Updated At',
  'column.updatedBy': 'Updated By',
  'failed.error': 'The failed records could not be written: {reason}',
  'failed.get': 'Download the failed records of upload {number}',
  'history.empty': 'No uploads yet',
  'history.emptyText': 'Every file that is applied stands here, with what passed and what failed.',
  'history.title': 'History',
  'page.text': 'Updates registration number, product status, vehicle location, customer name, user name and user mobile number of many vehicles at once. Each record names a vehicle by its VIN and VCU ID; a blank cell leaves its field as it is.',
  'page.title': 'Bulk Upload',
  'page.template': 'Template name',
} as const;

/** Reads a text of the Bulk Upload page. */
export const t = createCatalogue(texts, { hi });
