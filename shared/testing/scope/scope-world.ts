import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCore } from '#core/app/create-core.ts';
import { DEMO_SIGN_IN } from '#core/access/demo-users.ts';
import type { Core } from '#core/app/deps.ts';
import { contract, type AppContract, type OutputOf } from '../../contract/index.ts';
import type { AlertRuleValues } from '../../domain/alerts/rule.ts';
import type { Role } from '../../domain/access/permissions.ts';
import { SILENT_LOG } from '../../kernel/ports.ts';
import { systemClock } from '../../platform-node/system-clock.ts';
import { systemRng } from '../../platform-node/system-rng.ts';
import { systemScheduler } from '../../platform-node/system-scheduler.ts';
import { createClient, type ChannelClient } from '../../rpc/client.ts';
import { memoryChannelPair } from '../../rpc/memory.ts';
import type { Subject, Things } from './scope-case.ts';

export type Client = ChannelClient<AppContract>;

/** A demo with two customers of whom everything exists, one who sees the first of them, and one who sees all. */
export interface ScopeWorld {
  readonly core: Core;
  readonly things: Things;
  /** An administrator limited to the own customer. */
  readonly limited: Client;
  /** The Super Admin of the demo. */
  readonly all: Client;
  /** Texts that only belong to other customers than the own one. */
  readonly foreignTexts: readonly string[];
  readonly vehicleOfSlot: ReadonlyMap<number, string>;
  /** A client of a role preset that sees everything, with MIS role USER. */
  role(role: Role): Promise<Client>;
  stop(): Promise<void>;
}

const PASSWORD = 'four green autos';
const ANY: AlertRuleValues = {
  name: 'Every vehicle', tab: 'smart', severity: 'low', modelIds: [], condition: { kind: 'compare', parameter: 'soc', op: '<', value: 200, deadBand: 1 }, onDelay: 0, offDelay: 0, latched: false, inhibition: 'none', shelvable: true,
  action: '', graphParameter: 'soc', insightParameters: [], hiddenFromCustomerIds: [], enabled: true,
};
export const MISSING: Subject = {
  vehicleId: '018f0000-0000-7000-8000-00000000000a', vin: 'MXNOSUCHVIN00001', deviceId: 'tcu-no-such-unit', customerId: '018f0000-0000-7000-8000-00000000000b', alertId: '018f0000-0000-7000-8000-00000000000c', saleId: '018f0000-0000-7000-8000-00000000000d',
  memberId: '018f0000-0000-7000-8000-000000000011', leaseId: '018f0000-0000-7000-8000-000000000012', userId: '018f0000-0000-7000-8000-00000000000e', operatorId: '018f0000-0000-7000-8000-000000000013', email: 'nobody@example.com', wallboardId: '018f0000-0000-7000-8000-00000000000f', sessionId: '018f0000-0000-7000-8000-000000000010',
};

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 900; attempt++) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the demo never had ${what}`);
}

export async function openScopeWorld(): Promise<ScopeWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'scope-'));
  const core = await createCore({
    clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG,
    secrets: { kind: 'memory', get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    version: '0.0.0', brand: { name: 'Test', shortName: 'T', accentLight: '#000000', accentDark: '#ffffff' }, workspace: 'demo', dataFolder: folder,
    resourcesFolder: join(import.meta.dirname, '../../../resources'), workerEntry: (name) => new URL(`../../../electron/workers/${name}.ts`, import.meta.url),
    nodeId: '018f0000-0000-7000-8000-000000000001', timeZone: 'Asia/Kolkata', demo: { vehicles: 24, seed: 3, simulate: true },
  });
  const connect = (): Client => {
    const [mine, theirs] = memoryChannelPair();
    core.connect(theirs, { address: 'test' });
    return createClient(contract, mine);
  };
  const signIn = async (email: string, password: string): Promise<Client> => {
    const client = connect();
    await client.call('auth.signIn', { email, password });
    return client;
  };
  const all = await signIn(DEMO_SIGN_IN.email, DEMO_SIGN_IN.password);
  const roles = new Map<Role, Client>();
  return {
    core, all,
    ...(await fill(all, signIn)),
    async role(role) {
      const known = roles.get(role) ?? (await signIn(`${role}@commandcenter.example`, DEMO_SIGN_IN.password));
      roles.set(role, known);
      return known;
    },
    async stop() {
      await core.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes what the demo lacks: alerts, users, members, leases, wallboards of two customers. */
async function fill(all: Client, signIn: (email: string, password: string) => Promise<Client>): Promise<Pick<ScopeWorld, 'things' | 'limited' | 'foreignTexts' | 'vehicleOfSlot'>> {
  const directory = await all.call('fleet.directory', {});
  const { ruleId } = await all.call('alertRules.save', { values: ANY });
  const heard = await until('two customers with alerts', async () => {
    const { rows } = await all.call('alerts.list', { filter: { ruleId, show: 'all' }, offset: 0, limit: 100 });
    const { units } = await all.call('can.units', { unknownOnly: false, offset: 0, limit: 100 });
    const devices = await all.call('intake.devices', { problemsOnly: false, offset: 0, limit: 100 });
    const found = new Map<string, { vehicle: (typeof directory.vehicles)[number]; alertId: string }>();
    for (const row of rows) {
      const vehicle = directory.vehicles.find(({ vehicleId }) => vehicleId === row.vehicleId);
      const known = units.some(({ deviceId }) => deviceId === vehicle?.deviceId) && devices.devices.some(({ deviceId }) => deviceId === vehicle?.deviceId);
      if (vehicle?.customerId !== undefined && known && !found.has(vehicle.customerId)) found.set(vehicle.customerId, { vehicle, alertId: row.alertId });
    }
    return found.size >= 2 ? [...found.values()].slice(0, 2) : undefined;
  });
  const sales = (await all.call('sale.list', { offset: 0, limit: 100 })).rows;
  const invite = async (email: string, role: Role, customerId: string): Promise<string> => {
    const { id: userId } = await all.call('user.create', { values: { email, name: email.split('@')[0] ?? '', misRole: 'ADMIN', role, account: 'Command Centre', customers: [customerId] } });
    const { code } = await all.call('auth.issueResetCode', { email });
    await all.call('auth.resetPassword', { email, code, password: PASSWORD });
    return userId;
  };
  const made: { subject: Subject; client: Client }[] = [];
  for (const [index, one] of heard.entries()) {
    const { vehicle, alertId } = one;
    const name = index === 0 ? 'ownside' : 'foreignside';
    const customerId = vehicle.customerId ?? '';
    const email = `${name}.reader@example.com`;
    const userId = await invite(email, 'operation', customerId);
    await signIn(email, PASSWORD);
    const operatorId = await invite(`${name}.operator@example.com`, 'operator', customerId);
    await invite(`${name}.admin@example.com`, 'admin', customerId);
    const client = await signIn(`${name}.admin@example.com`, PASSWORD);
    const { tokenId } = await client.call('wallboard.create', { name: `${name} wall`, days: 10 });
    const { id: memberId } = await all.call('groupMember.create', { values: { phone: `712345670${index}`, userName: `${name} member`, productId: vehicle.vehicleId } });
    const known = (await all.call('lease.list', { filter: { productId: [vehicle.vehicleId] }, offset: 0, limit: 1 })).rows[0]?.id;
    const leaseId = known ?? (await all.call('lease.create', { values: { productId: vehicle.vehicleId, expiryDate: '2031-01-01', lastRenewal: '2030-12-01', duration: LEASE_DURATION, leaseType: 'Rental', description: `${name} lease`, orderStatus: 'Success', paymentStatus: 'Success' } })).id;
    await all.call('alertTabs.set', { customerId, hidden: ['charger'] });
    const sale = sales.find(({ values }) => values.productId === vehicle.vehicleId);
    const sessions = await all.call('auth.userSessions', { userId });
    made.push({ client, subject: { vehicleId: vehicle.vehicleId, vin: vehicle.vin, deviceId: vehicle.deviceId ?? '', customerId, alertId, saleId: sale?.id ?? '', memberId, leaseId, userId, operatorId, email, wallboardId: tokenId, sessionId: sessions.sessions[0]?.sessionId ?? '' } });
  }
  const [own, foreign] = made;
  if (own === undefined || foreign === undefined) throw new Error('two customers are needed');
  await all.call('alertRules.save', { values: { ...ANY, name: 'Hidden from one', enabled: false, hiddenFromCustomerIds: [foreign.subject.customerId] } });
  await all.call('alerts.addShiftNote', { text: `Call ${foreign.subject.vin} again` });
  const [model] = (await all.call('vehicleModel.list', { offset: 0, limit: 1 })).rows;
  const [city] = (await all.call('location.list', { offset: 0, limit: 1 })).rows;
  const { files } = await all.call('dbc.list', {});
  const { id: batteryModelId } = await all.call('batteryModel.create', { values: { name: 'Scope 1-AH' } });
  const { id: stationId } = await all.call('station.create', { values: { name: 'Scope', locationId: city?.id ?? '', address: 'A', latitude: 1, longitude: 1, slots: 4, status: STATION_STATUS } });
  const now = Date.now();
  return {
    limited: own.client,
    things: { own: own.subject, foreign: foreign.subject, cityId: city?.id ?? '', modelId: model?.id ?? '', batteryModelId, stationId, dbcHash: files.find(({ source }) => source === 'product')?.hash ?? '', ruleId, from: now - 3_600_000, to: now + 3_600_000 },
    foreignTexts: await textsOf(all, directory, sales, own.subject, foreign.subject),
    vehicleOfSlot: new Map(directory.vehicles.map(({ slot, vehicleId }) => [slot, vehicleId])),
  };
}

const LEASE_DURATION = '30' as never;
const STATION_STATUS = 'Open' as never;

/** Everything by which a vehicle, rider, customer or user of others is recognised. */
async function textsOf(all: Client, directory: OutputOf<'fleet.directory'>, sales: OutputOf<'sale.list'>['rows'], own: Subject, foreign: Subject): Promise<string[]> {
  const vehicles = directory.vehicles.filter(({ customerId }) => customerId !== own.customerId);
  const ids = new Set(vehicles.map(({ vehicleId }) => vehicleId));
  const customers = (await all.call('customer.list', { offset: 0, limit: 100 })).rows.filter(({ id }) => id !== own.customerId);
  const alerts = (await all.call('alerts.list', { filter: { show: 'all' }, offset: 0, limit: 500 })).rows.filter(({ vehicleId }) => ids.has(vehicleId));
  return [
    ...vehicles.flatMap(({ vehicleId, vin, deviceId, telematicsId, bmsId, motorId, registration }) => [vehicleId, vin, deviceId, telematicsId, bmsId, motorId, registration]),
    ...sales.filter(({ values }) => ids.has(values.productId)).flatMap(({ id, values }) => [id, values.phone]),
    ...customers.flatMap(({ id, values }) => [id, values.name, values.email, values.phone]),
    ...alerts.map(({ alertId }) => alertId),
    ...Object.values(foreign),
    'foreignside',
  ].filter((text): text is string => text !== undefined && text !== '');
}
