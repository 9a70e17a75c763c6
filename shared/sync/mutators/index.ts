import type { Mutator } from '../mutator.ts';
import { mutatorRegistry, type MutatorRegistry } from '../run-mutation.ts';
import { acknowledgeAlerts, assignAlerts, clearAlerts, commentAlert, shelveAlerts, unshelveAlerts } from './alert.ts';
import { createAlertRule, removeAlertRule, setAlertTabs, updateAlertRule } from './alert-rule.ts';
import { beginBulkUpload, noteBulkUpload } from './bulk-upload.ts';
import { addDbcFile, addParameter, removeDbcFile, removeSignalMap, resetParameter, setSignalMap, updateParameter } from './can.ts';
import { BATTERY_MODEL_MUTATORS } from './battery-model.ts';
import { commissionVehicle, undoCommissioning } from './commissioning.ts';
import { CUSTOMER_MUTATORS } from './customer.ts';
import { noteDecodingRun } from './decoding.ts';
import { GROUP_MEMBER_MUTATORS } from './group-member.ts';
import { checkLeases, LEASE_MUTATORS } from './lease.ts';
import { LOCATION_MUTATORS } from './location.ts';
import { addLogbookEntry } from './logbook.ts';
import { createProduct, deleteProduct, updateProduct } from './product.ts';
import { updateSale } from './sale.ts';
import { setPreference, setSetting } from './setting.ts';
import { addShiftNote } from './shift-note.ts';
import { STATION_MUTATORS, STATION_SLOT_MUTATORS, swapBattery } from './station.ts';
import { swapUnit } from './swap.ts';
import { registerSpareUnit, unitSeen } from './unit.ts';
import { createFirstUser, createUser, deleteUser, updateUser } from './user.ts';
import { VEHICLE_MODEL_MUTATORS } from './vehicle-model.ts';
import { enterWorkshop, leaveWorkshop } from './workshop.ts';

/** Every mutator by its name; `operations.mutate` is typed by this. */
export const MUTATORS = {
  ...LOCATION_MUTATORS,
  ...CUSTOMER_MUTATORS,
  ...VEHICLE_MODEL_MUTATORS,
  ...BATTERY_MODEL_MUTATORS,
  ...GROUP_MEMBER_MUTATORS,
  ...LEASE_MUTATORS,
  'lease.check': checkLeases,
  ...STATION_MUTATORS,
  ...STATION_SLOT_MUTATORS,
  'station.swap': swapBattery,
  'product.create': createProduct,
  'product.update': updateProduct,
  'product.delete': deleteProduct,
  'sale.update': updateSale,
  'unit.seen': unitSeen,
  'unit.register': registerSpareUnit,
  'commission.vehicle': commissionVehicle,
  'commission.undo': undoCommissioning,
  'swap.unit': swapUnit,
  'logbook.add': addLogbookEntry,
  'user.create': createUser,
  'user.create-first': createFirstUser,
  'user.update': updateUser,
  'user.delete': deleteUser,
  'setting.set': setSetting,
  'preference.set': setPreference,
  'alert-rule.create': createAlertRule,
  'alert-rule.update': updateAlertRule,
  'alert-rule.remove': removeAlertRule,
  'alert-tabs.set': setAlertTabs,
  'alert.acknowledge': acknowledgeAlerts,
  'alert.clear': clearAlerts,
  'alert.shelve': shelveAlerts,
  'alert.unshelve': unshelveAlerts,
  'alert.assign': assignAlerts,
  'alert.comment': commentAlert,
  'shift-note.add': addShiftNote,
  'workshop.enter': enterWorkshop,
  'workshop.leave': leaveWorkshop,
  'bulk-upload.begin': beginBulkUpload,
  'bulk-upload.note': noteBulkUpload,
  'dbc-file.add': addDbcFile,
  'dbc-file.remove': removeDbcFile,
  'signal-map.set': setSignalMap,
  'signal-map.remove': removeSignalMap,
  'decoding.note': noteDecodingRun,
  'parameter.create': addParameter,
  'parameter.update': updateParameter,
  'parameter.reset': resetParameter,
} as const;

export type Mutators = typeof MUTATORS;
export type MutationName = keyof Mutators;

export const MUTATOR_REGISTRY: MutatorRegistry = mutatorRegistry(Object.values(MUTATORS) as unknown as readonly Mutator[]);
