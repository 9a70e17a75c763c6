import type { Migration } from '#shared/platform-node/sqlite/index.ts';
import { FIRST_TABLES } from './001-first-tables.ts';
import { ALERT_TABLES } from './002-alerts.ts';
import { CAN_TABLES } from './003-can-tables.ts';
import { ALERT_ACTS } from './004-alert-acts.ts';
import { SHIFT_NOTES } from './005-shift-notes.ts';
import { PAST_ALERTS } from './006-past-alerts.ts';
import { ACCESS_TABLES } from './007-access.ts';
import { FLEET_TABLES } from './008-fleet-tables.ts';
import { WORKSHOP_STAYS } from './009-workshop.ts';
import { BULK_UPLOADS } from './010-bulk-uploads.ts';
import { WORK_TABLES } from './011-work-tables.ts';
import { ALERT_SEEN } from './012-alert-seen.ts';
import { SYNC_TABLES } from './013-sync.ts';

/** Steps of the operations database. What has been released is never changed; the next step gets the next number. */
export const OPERATIONS_MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first tables', up: FIRST_TABLES },
  { number: 2, name: 'alerts', up: ALERT_TABLES },
  { number: 3, name: 'DBC files, signal maps, parameters', up: CAN_TABLES },
  { number: 4, name: 'acts on alerts', up: ALERT_ACTS },
  { number: 5, name: 'shift notes', up: SHIFT_NOTES },
  { number: 6, name: 'past alerts', up: PAST_ALERTS },
  { number: 7, name: 'second factors, append-only audit', up: ACCESS_TABLES },
  { number: 8, name: 'battery models, group members, leases, stations', up: FLEET_TABLES },
  { number: 9, name: 'workshop mode', up: WORKSHOP_STAYS },
  { number: 10, name: 'bulk uploads', up: BULK_UPLOADS },
  { number: 11, name: 'commissioning records, swaps, logbooks', up: WORK_TABLES },
  { number: 12, name: 'what was seen of alerts', up: ALERT_SEEN },
  { number: 13, name: 'sync with a server', up: SYNC_TABLES },
];

/** Marks a file as an operations database (`application_id`): "CCop". */
export const OPERATIONS_APPLICATION_ID = 0x43436f70;
