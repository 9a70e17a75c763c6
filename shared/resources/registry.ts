import { alert, alertComment, alertTabs } from './alert.ts';
import { alertRule, alertRuleVersion } from './alert-rule.ts';
import { batteryModel } from './battery-model.ts';
import { binding } from './binding.ts';
import { bulkUpload } from './bulk-upload.ts';
import { commissioningRecord } from './commissioning-record.ts';
import { customer } from './customer.ts';
import { dbcFile } from './dbc-file.ts';
import type { Resource } from './define-resource.ts';
import { groupMember } from './group-member.ts';
import { lease } from './lease.ts';
import { location } from './location.ts';
import { logbookEntry } from './logbook-entry.ts';
import { parameter } from './parameter.ts';
import { preference } from './preference.ts';
import { product } from './product.ts';
import { sale } from './sale.ts';
import { setting } from './setting.ts';
import { shiftNote } from './shift-note.ts';
import { workshopStay } from './workshop-stay.ts';
import { signalMap } from './signal-map.ts';
import { batterySwap, station, stationSlot } from './station.ts';
import { swap } from './swap.ts';
import { unit } from './unit.ts';
import { user } from './user.ts';
import { vehicleModel } from './vehicle-model.ts';

/** Every resource, referenced ones before those that refer to them. */
export const RESOURCES: readonly Resource[] = [location, customer, vehicleModel, product, sale, unit, binding, user, setting, preference, dbcFile, signalMap, parameter, alertRule, alertRuleVersion, alert, alertComment, alertTabs, shiftNote, batteryModel, groupMember, lease, station, stationSlot, batterySwap, workshopStay, bulkUpload, commissioningRecord, swap, logbookEntry];

const BY_NAME = new Map(RESOURCES.map((resource) => [resource.name, resource]));

/** The resource of this name; throws for an unknown one, which is a programming error. */
export function resourceNamed(name: string): Resource {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new Error(`no resource is named ${name}`);
  return found;
}
