import { FIRST_ADDITIONAL_NUMBER } from '../../domain/telemetry/catalogue/entry.ts';
import { act, everything, filtered, self, shared, silent, subject, untouched, type ScopeCase, type Subject, type Things } from './scope-case.ts';

const PAGE = { offset: 0, limit: 100 };
const ZONE = { timeZone: 'Asia/Kolkata' };
const INSTALLATION = 'Concerns the installation, not a customer.';
const CATALOGUE = 'The same for every customer.';
const NO_TOKEN = '0'.repeat(32);
const OWN = 'The caller’s own.';
const SIGN_IN = 'Before anybody is signed in.';
const RULE = {
  name: 'Scope test', tab: 'smart', severity: 'low', modelIds: [], condition: { kind: 'compare', parameter: 'soc', op: '<', value: 1, deadBand: 1 }, onDelay: 0, offDelay: 0, latched: false, inhibition: 'none', shelvable: true, action: '', insightParameters: [], hiddenFromCustomerIds: [], enabled: false,
};
const BROKER = { kind: 'embedded' };
const range = ({ from, to }: Things): { from: number; to: number } => ({ from, to });
const LEASE = { expiryDate: '2031-01-01', lastRenewal: '2030-12-01', duration: '30', leaseType: 'Rental', description: 'Lease', orderStatus: 'Success', paymentStatus: 'Success' };

const commissioning = ({ own, cityId, modelId }: Things): Record<string, unknown> => ({
  telematicsId: 'CEHSCOPE2', bmsId: 'BMSSCOPE2', motorId: 'KESCOPE2', vin: 'MXSCOPE2', modelId, batteryModel: '52-AH - Urban', communicationType: 'Cellular', customerId: own.customerId, locationId: cityId, userName: 'Rider', phone: '6111111112', productStatus: 'Sold',
});

interface ResourceScope {
  /** Rows of a customer, or rows that everybody shares. */
  readonly rows: 'filtered' | 'no foreign rows' | 'shared';
  readonly id: (subject: Subject, things: Things) => string;
  readonly column: string;
  readonly field: string;
  readonly create?: (subject: Subject, things: Things) => Readonly<Record<string, unknown>>;
  readonly edit?: Readonly<Record<string, unknown>>;
  /** Only those who see all customers may add, change or delete. */
  readonly writes?: 'everything';
}

/** The procedures that follow from a resource's definition. A new resource gets a line here. */
const RESOURCES: Readonly<Record<string, ResourceScope>> = {
  location: { rows: 'shared', id: (_, { cityId }) => cityId, column: 'city', field: 'state', writes: 'everything', edit: { city: 'Nowhere' }, create: () => ({ city: 'Nowhere', district: 'D', state: 'Karnataka', country: 'India', zone: 'South', latitude: 1, longitude: 1 }) },
  customer: { rows: 'filtered', id: ({ customerId }) => customerId, column: 'name', field: 'name', edit: { address: 'Elsewhere 1' }, create: (_, { cityId }) => ({ name: 'New', address: 'A', locationId: cityId, pinCode: '560001', phone: '6123456789', email: 'new@example.com' }) },
  vehicleModel: { rows: 'shared', id: (_, { modelId }) => modelId, column: 'name', field: 'name', writes: 'everything', edit: { name: 'Other' }, create: () => ({ name: 'New', wheels: '2W', batteryModels: [], dbc: [] }) },
  batteryModel: { rows: 'shared', id: (_, { batteryModelId }) => batteryModelId, column: 'name', field: 'name', writes: 'everything', edit: { capacity: 7 }, create: () => ({ name: 'New 1-AH' }) },
  product: { rows: 'filtered', id: ({ vehicleId }) => vehicleId, column: 'vin', field: 'modelId', edit: { motorId: 'KE99999' }, create: (_, { modelId }) => ({ modelId, vin: 'MXNEW1', motorId: 'KENEW1', telematicsId: 'CEHNEW1', deviceId: 'tcu-new-1', bmsId: 'BMSNEW1', communicationType: 'Cellular', batteryModel: '52-AH - Urban' }) },
  sale: { rows: 'filtered', id: ({ saleId }) => saleId, column: 'vin', field: 'customerId', edit: { userName: 'Somebody' } },
  groupMember: { rows: 'filtered', id: ({ memberId }) => memberId, column: 'userName', field: 'productId', edit: { userName: 'Somebody' }, create: ({ vehicleId }) => ({ phone: '6111111111', userName: 'New', productId: vehicleId }) },
  lease: { rows: 'filtered', id: ({ leaseId }) => leaseId, column: 'vin', field: 'productId', edit: { description: 'Other' }, create: ({ vehicleId }) => ({ ...LEASE, productId: vehicleId }) },
  station: { rows: 'shared', id: (_, { stationId }) => stationId, column: 'name', field: 'status', writes: 'everything', edit: { address: 'Elsewhere' }, create: (_, { cityId }) => ({ name: 'New', locationId: cityId, address: 'A', latitude: 1, longitude: 1, slots: 4, status: 'Open' }) },
  stationSlot: { rows: 'shared', id: (_, { stationId }) => stationId, column: 'bmsId', field: 'stationId', writes: 'everything', edit: { soc: 50 }, create: (_, { stationId }) => ({ stationId, slot: 1, bmsId: 'BMSNEW9', state: 'Ready' }) },
  commissioningRecord: { rows: 'no foreign rows', id: ({ leaseId }) => leaseId, column: 'vin', field: 'productId' },
  swap: { rows: 'no foreign rows', id: ({ leaseId }) => leaseId, column: 'vin', field: 'productId' },
  batterySwap: { rows: 'no foreign rows', id: ({ leaseId }) => leaseId, column: 'batteryIn', field: 'stationId' },
};

function resourceCases(key: string, scope: ResourceScope): Record<string, ScopeCase[]> {
  const { rows, id, column, field, create, edit } = scope;
  const many = rows === 'shared' ? (input: () => Record<string, unknown>): ScopeCase => shared(CATALOGUE, input) : rows === 'filtered' ? filtered : silent;
  const one = rows === 'filtered' ? subject : (input: (subject: Subject, things: Things) => Record<string, unknown>): ScopeCase => shared(CATALOGUE, (things) => input(things.own, things));
  const write = scope.writes === 'everything' ? (input: (subject: Subject, things: Things) => Record<string, unknown>): ScopeCase => everything((things) => input(things.own, things)) : act;
  return {
    [`${key}.list`]: [many(() => ({ ...PAGE }))],
    [`${key}.get`]: [one((one_, things) => ({ id: id(one_, things) }))],
    [`${key}.history`]: [one((one_, things) => ({ id: id(one_, things), limit: 20 }))],
    [`${key}.options`]: [rows === 'shared' ? shared(CATALOGUE, () => ({ field })) : silent(() => ({ field }))],
    [`${key}.export`]: [many(() => ({ columns: [column], ...ZONE }))],
    ...(create === undefined ? {} : { [`${key}.create`]: [scope.writes === 'everything' || key === 'customer' || key === 'product' ? everything((things) => ({ values: create(things.own, things) })) : act((one_, things) => ({ values: create(one_, things) }))] }),
    ...(edit === undefined ? {} : { [`${key}.update`]: [write((one_, things) => ({ id: id(one_, things), revision: 1, edit: { set: edit } }))] }),
    ...(create === undefined ? {} : { [`${key}.delete`]: [key === 'customer' ? everything(({ own }) => ({ ids: [own.customerId] })) : write((one_, things) => ({ ids: [id(one_, things)] }))] }),
  };
}

const alertIds = ({ alertId }: Subject): { alertIds: string[] } => ({ alertIds: [alertId] });
const vehicle = ({ vehicleId }: Subject): { vehicleId: string } => ({ vehicleId });
const device = ({ deviceId }: Subject): { deviceId: string } => ({ deviceId });

/** How everything that can be asked of the core behaves under a customer scope. What is not named here fails the test. */
export const SCOPE_CASES: Readonly<Record<string, readonly ScopeCase[]>> = {
  'app.info': [shared(SIGN_IN)],
  'app.status': [shared('What units sent is told to those who read the intake.')],
  'app.dismissNotice': [shared(INSTALLATION, () => ({ id: 'none' }))],
  'workspace.list': [shared(SIGN_IN)],
  'workspace.open': [untouched(INSTALLATION, () => ({ kind: 'demo' }))],
  'preferences.get': [self(OWN, () => ({ key: 'theme' }))],
  'preferences.set': [self(OWN, () => ({ key: 'theme', value: 'dark' }))],

  'auth.signIn': [untouched(SIGN_IN, () => ({ email: 'x@example.com', password: 'x' }))],
  'auth.resume': [untouched(SIGN_IN, () => ({ token: 'x'.repeat(32) }))],
  'auth.signOut': [untouched(OWN)],
  'auth.changePassword': [untouched(OWN, () => ({ current: 'x', next: 'four green autos' }))],
  'auth.createFirstUser': [untouched(SIGN_IN, () => ({ email: 'x@example.com', name: 'X', password: 'four green autos' }))],
  'auth.issueResetCode': [act(({ email }) => ({ email }))],
  'auth.resetPassword': [untouched(SIGN_IN, () => ({ email: 'x@example.com', code: 'ABCDE', password: 'four green autos' }))],
  'user.list': [filtered(() => ({ ...PAGE })), subject(({ email }) => ({ ...PAGE, search: email }))],
  'user.get': [subject(({ userId }) => ({ id: userId }))],
  'user.history': [subject(({ userId }) => ({ id: userId, limit: 20 }))],
  'user.options': [filtered(() => ({ field: 'customers', limit: 500 }))],
  'user.export': [filtered(() => ({ columns: ['email', 'customerNames'], ...ZONE }))],
  'user.create': [act(({ customerId }) => ({ values: { email: 'new@example.com', name: 'New', misRole: 'USER', role: 'operation', account: 'Command Centre', customers: [customerId] } }))],
  'user.update': [act(({ userId }) => ({ id: userId, revision: 1, edit: { set: { name: 'Other' } } })), act(({ customerId }, { own }) => ({ id: own.userId, revision: 2, edit: { set: { customers: [customerId] } } }))],
  'user.delete': [act(({ userId }) => ({ ids: [userId] }))],
  'auth.sessions': [self(OWN)],
  'auth.endSession': [act(({ sessionId }) => ({ sessionId }))],
  'auth.endOtherSessions': [self(OWN)],
  'auth.userSessions': [subject(({ userId }) => ({ userId }))],
  'auth.endUserSessions': [subject(({ userId }) => ({ userId }))],
  'auth.secondFactor': [self(OWN)],
  'auth.beginSecondFactor': [self(OWN)],
  'auth.confirmSecondFactor': [self(OWN, () => ({ code: '000000' }))],
  'auth.renewRecoveryCodes': [self(OWN, () => ({ code: '000000' }))],
  'auth.removeSecondFactor': [self(OWN, () => ({ code: '000000' }))],
  'auth.resetSecondFactor': [subject(({ userId }) => ({ userId }))],
  'auth.prove': [self(OWN, () => ({ code: '000000' }))],

  'audit.list': [everything(() => ({ filter: {}, limit: 50 }))],
  'audit.options': [everything()],
  'audit.verify': [everything()],
  'audit.export': [everything(() => ({ filter: {}, ...ZONE }))],

  'fleet.directory': [filtered()],
  'fleet.directoryChanges': [shared('A number that grows.')],
  'fleet.live': [filtered()],
  'fleet.list': [filtered(() => ({ filter: {}, ...PAGE })), subject(({ vin }) => ({ filter: { search: vin }, ...PAGE })), subject(({ customerId }) => ({ filter: { customerIds: [customerId] }, ...PAGE }))],
  'fleet.export': [filtered(() => ({ filter: {}, columns: ['vin', 'customer'], ...ZONE }))],
  'vehicle.get': [subject(vehicle)],
  'vehicle.parameters': [subject(vehicle)],
  'mis.liveParameters': [subject(vehicle)],
  'vehicle.history': [subject(({ vehicleId }, things) => ({ vehicleId, parameters: [128], maxPoints: 10, ...range(things) }))],
  'vehicle.track': [subject(({ vehicleId }, things) => ({ vehicleId, ...range(things) }))],
  'vehicle.trend': [subject(({ vehicleId }, things) => ({ vehicleId, parameters: [128], points: 50, ...range(things) }))],
  'catalogue.parameters': [shared(CATALOGUE)],
  'search.global': [subject(({ vin }) => ({ text: vin, limit: 10 })), subject(({ deviceId }) => ({ text: deviceId, limit: 10 }))],

  'datalog.records': [subject(({ vehicleId }, things) => ({ vehicleId, limit: 10, ...range(things) }))],
  'datalog.record': [subject(({ vehicleId }) => ({ vehicleId, sequence: 1, time: 1 }))],
  'datalog.export': [subject(({ vehicleId }, things) => ({ vehicleId, ...range(things), ...ZONE }))],
  'decoding.run': [subject(({ vehicleId }, things) => ({ vehicleId, bus: 0, hash: things.dbcHash, apply: false, ...range(things) }))],
  'decoding.list': [subject(vehicle)],

  'intake.summary': [shared('Counters of the installation.')],
  'intake.devices': [filtered(() => ({ problemsOnly: false, ...PAGE })), subject(({ deviceId }) => ({ search: deviceId, problemsOnly: false, ...PAGE }))],
  'intake.gaps': [act(({ deviceId }) => ({ deviceId, limit: 10 }))],
  'intake.samples': [act(device)],
  'can.units': [filtered(() => ({ unknownOnly: false, ...PAGE })), subject(({ deviceId }) => ({ search: deviceId, unknownOnly: false, ...PAGE }))],
  'can.trace': [subject(device)],
  'can.odd': [subject(device)],
  'can.record': [subject(({ deviceId }) => ({ deviceId, format: 'candump' }))],
  'can.stopRecording': [shared('A recording is known to its window alone, by a random id.', () => ({ recordingId: 'none' }))],
  'can.database': [shared(CATALOGUE, ({ dbcHash }) => ({ hash: dbcHash }))],
  'dbc.list': [shared(CATALOGUE)],
  'dbc.get': [shared(CATALOGUE, ({ dbcHash }) => ({ hash: dbcHash }))],
  'dbc.check': [shared(CATALOGUE, () => ({ fileName: 'x.dbc', content: new Uint8Array(4) }))],
  'dbc.add': [shared('Refused: no message in it.', () => ({ fileName: 'x.dbc', content: new Uint8Array(4) }))],
  'dbc.remove': [shared('Refused: it comes with the product.', ({ dbcHash }) => ({ hash: dbcHash }))],
  'dbc.compare': [shared(CATALOGUE, ({ dbcHash }) => ({ before: dbcHash, after: dbcHash }))],
  'dbc.assign': [everything(({ modelId }) => ({ modelId, revision: 1, dbc: [] }))],
  'signalMaps.get': [shared(CATALOGUE, () => ({ name: 'two-wheeler' }))],
  'signalMaps.set': [everything(() => ({ name: 'scope', signals: [] }))],
  'signalMaps.remove': [shared('Missing.', () => ({ name: 'none' }))],
  'parameters.list': [shared(CATALOGUE)],
  'parameters.save': [everything(() => ({ values: { number: FIRST_ADDITIONAL_NUMBER + 900, key: 'scopeTest', label: 'Scope', unitGroup: 'VCU', kind: 'number', decimals: 0, deadBand: 0, storagePeriod: 60_000 } }))],
  'parameters.reset': [shared('Missing.', () => ({ parameterId: '018f0000-0000-7000-8000-0000000000ff' }))],

  'settings.get': [shared(INSTALLATION)],
  'settings.setBroker': [untouched(INSTALLATION, () => ({ broker: BROKER, secrets: {} }))],
  'settings.testBroker': [untouched(INSTALLATION, () => ({ broker: BROKER, secrets: {} }))],
  'settings.setEmbedded': [untouched(INSTALLATION, () => ({ embedded: { lan: false, port: 0 } }))],
  'settings.setStreetMap': [untouched(INSTALLATION)],
  'settings.setFeatures': [untouched(INSTALLATION, () => ({ features: { subscription: true, customerCare: true, sharedRides: true, riderApp: true } }))],
  'settings.storage': [shared(INSTALLATION)],
  'settings.setRetention': [untouched(INSTALLATION, () => ({ retention: { rawDays: 1, pointDays: 1, rollupDays: 1 } }))],
  'settings.checkStorage': [untouched(INSTALLATION)],
  'settings.backup': [untouched(INSTALLATION)],

  'alerts.summary': [silent()],
  'alerts.list': [filtered(() => ({ filter: { show: 'all' }, ...PAGE })), subject(({ vehicleId }) => ({ filter: { vehicleId, show: 'all' }, ...PAGE })), subject(({ customerId }) => ({ filter: { customerIds: [customerId], show: 'all' }, ...PAGE }))],
  'alerts.newSince': [subject(({ vehicleId }) => ({ filter: { vehicleId, show: 'all' }, revision: -1 }))],
  'alerts.groups': [silent(() => ({ filter: {} })), subject(({ vehicleId }) => ({ filter: { vehicleId } }))],
  'alerts.get': [subject(({ alertId }) => ({ alertId }))],
  'alerts.past': [subject(({ alertId }) => ({ alertId, ...PAGE }))],
  'alerts.forVehicle': [subject(({ vehicleId }, things) => ({ vehicleId, ...range(things) }))],
  'alerts.frames': [subject(({ vehicleId }, { to }) => ({ vehicleId, parameter: 128, at: to }))],
  'alerts.acknowledge': [subject(alertIds)],
  'alerts.shelve': [subject((one) => ({ ...alertIds(one), duration: '30m', reason: 'scope' }))],
  'alerts.unshelve': [subject(alertIds)],
  'alerts.assign': [subject((one, { own }) => ({ ...alertIds(one), ownerId: own.operatorId })), act(({ operatorId }, { own }) => ({ alertIds: [own.alertId], ownerId: operatorId }))],
  'alerts.comment': [subject(({ alertId }) => ({ alertId, text: 'scope' }))],
  'alerts.clear': [subject((one) => ({ ...alertIds(one), comment: 'scope' }))],
  'alerts.viewed': [self(OWN)],
  'alerts.owners': [filtered()],
  'alerts.charts': [subject(({ vehicleId }) => ({ filter: { vehicleId, show: 'all' }, days: 7, ...ZONE }))],
  'alerts.kpi': [silent((things) => ({ ...range(things), ...ZONE }))],
  'alerts.shiftNotes': [filtered()],
  'alerts.addShiftNote': [everything(() => ({ text: 'scope' }))],
  'alerts.export': [filtered(() => ({ filter: { show: 'all' }, ...ZONE }))],
  'alertRules.list': [filtered()],
  'alertRules.save': [everything(() => ({ values: RULE }))],
  'alertRules.remove': [everything(({ ruleId }) => ({ ruleId, revision: 1 }))],
  'alertRules.history': [shared('Who it is hidden from is told to those who see all.', ({ ruleId }) => ({ ruleId }))],
  'alertRules.try': [silent(() => ({ values: RULE, days: 1 }))],
  'alertTabs.get': [filtered()],
  'alertTabs.set': [act(({ customerId }) => ({ customerId, hidden: [] }))],

  'wallboard.tokens': [filtered()],
  'wallboard.create': [shared('It sees what its maker sees.', () => ({ name: 'Scope', days: 1 }))],
  'wallboard.revoke': [act(({ wallboardId }) => ({ tokenId: wallboardId }))],
  'wallboard.signIn': [untouched(SIGN_IN, () => ({ token: 'wb_none' }))],
  'alerts.setPositions': [untouched(INSTALLATION, () => ({ positions: 1 }))],
  'places.search': [shared(CATALOGUE, () => ({ text: 'Pune', limit: 5 }))],
  'alerts.workshop': [subject(vehicle)],
  'alerts.leaveWorkshop': [act(vehicle)],
  'alerts.enterWorkshop': [act(({ vehicleId }) => ({ vehicleId, hours: 1, reason: 'scope' }))],
  'demo.bench': [shared('Vehicles of the demo’s bench belong to nobody yet.')],
  'demo.powerBench': [shared('Missing.', () => ({ telematicsId: 'none' }))],
  'commission.setup': [everything()],
  'commission.check': [everything(() => ({ kind: 'frame', typed: 'MXSCOPE1' }))],
  'commission.bench': [everything(({ foreign, modelId }) => ({ deviceId: foreign.deviceId, modelId, bmsId: 'BMSSCOPE1' }))],
  'commission.commit': [everything((things) => ({ input: commissioning(things), bench: { result: 'skipped', reason: 'scope' } }))],
  'commission.undo': [act(({ leaseId }) => ({ recordId: leaseId, reason: 'scope' }))],
  'commission.record': [act(({ leaseId }) => ({ recordId: leaseId }))],
  'commission.registerUnit': [everything(() => ({ deviceId: 'tcu-scope-1', telematicsId: 'CEHSCOPE1', kind: 'VCU' }))],
  'commission.setSettings': [untouched(INSTALLATION, () => ({ settings: {} }))],
  'swapping.units': [silent()],
  'swapping.swap': [act(({ vehicleId }, { modelId }) => ({ vehicleId, communicationType: 'Cellular', modelId, reason: 'scope' }))],
  'stations.swap': [act(({ vehicleId }, { stationId }) => ({ slotId: stationId, productId: vehicleId }))],
  'logbook.list': [subject(vehicle)],
  'logbook.add': [act(({ vehicleId }) => ({ vehicleId, kind: 'repair', text: 'scope', photos: [] }))],
  'logbook.addPhoto': [shared('A picture without its entry; refused: no picture.', () => ({ content: new Uint8Array(4) }))],
  'logbook.photo': [act(({ vehicleId, leaseId }) => ({ vehicleId, entryId: leaseId, hash: '0'.repeat(64) }))],
  'demo.injectFault': [subject(({ vehicleId }) => ({ vehicleId, fault: 'low-soc', seconds: 1 }))],
  'demo.clearFaults': [untouched('Acts on the whole demo fleet and answers nothing.')],
  'demo.flood': [untouched('Acts on the whole demo fleet and answers a count.', () => ({ alerts: 1, seconds: 1 }))],

  'uploads.append': [self(OWN, () => ({ uploadId: NO_TOKEN, offset: 0, bytes: new Uint8Array(1) }))],
  'uploads.cancel': [self(OWN, () => ({ uploadId: NO_TOKEN }))],
  'imports.template': [silent(() => ({ template: 'sales-data-update', ...ZONE }))],
  'imports.upload': [self(OWN, () => ({ template: 'sales-data-update', fileName: 'x.xlsx', size: 10 }))],
  'imports.preview': [self('An upload is known to its session alone; rows are planned in the caller’s scope (electron/core/imports).', () => ({ uploadId: NO_TOKEN, template: 'sales-data-update' }))],
  'imports.rows': [self(OWN, () => ({ importId: NO_TOKEN, show: 'all', ...PAGE }))],
  'imports.failedRows': [self(OWN, () => ({ importId: NO_TOKEN, ...ZONE }))],
  'imports.discard': [self(OWN, () => ({ importId: NO_TOKEN }))],
  'imports.apply': [self(OWN, () => ({ importId: NO_TOKEN }))],
  'bulkUploads.list': [silent(() => ({ ...PAGE }))],
  'bulkUploads.watch': [shared('A number that grows.')],
  'bulkUploads.failedRows': [self(OWN, () => ({ bulkUploadId: '018f0000-0000-7000-8000-0000000000ff', ...ZONE }))],

  ...Object.assign({}, ...Object.entries(RESOURCES).map(([key, scope]) => resourceCases(key, scope))) as Record<string, ScopeCase[]>,
  'resources.changes': [{ kind: 'filtered', input: () => ({ resources: ['product', 'sale'] }), control: 'shows foreign', provoke: true }],
};
