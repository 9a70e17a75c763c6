import type { FleetDescription } from '#electron/simulator/fleet/types.ts';
import { dateAfter } from '#shared/domain/lease/lease.ts';
import type { MutateOptions, MutationCall } from '../operations.ts';

/** Every tenth vehicle is leased, at most so many. */
const LEASE_EVERY = 10;
const LEASES = 40;
const SLOTS = 8;
/** Stations stand in this many cities. */
const STATIONS = 4;

/** Days from today to the expiry of one lease after the other: expired and unpaid, expiring, and well ahead. */
const EXPIRIES = [-12, 4, 25, -3, 60, 120] as const;

/** What a demo fleet has beside its vehicles: further users, leases, swapping stations with batteries. Ids follow from `optionsOf`. */
export function demoExtras(fleet: FleetDescription, optionsOf: (kind: string, key: string) => MutateOptions, rowId: (kind: string, key: string) => string): MutationCall[] {
  const today = new Date(fleet.now).toISOString().slice(0, 10);
  const members = fleet.groupMembers.map((one): MutationCall => ({
    name: 'group-member.create',
    args: { values: { phone: one.phone, userName: one.userName, productId: rowId('vehicle', one.vin) } },
    options: optionsOf('member', one.phone),
  }));
  const leased = fleet.vehicles.filter(({ index, productStatus }) => index % LEASE_EVERY === 5 && productStatus === 'Sold').slice(0, LEASES);
  const leases = leased.map((one, position): MutationCall => {
    const days = EXPIRIES[position % EXPIRIES.length] as number;
    const duration = days > 30 ? '180' : '30';
    const expiryDate = dateAfter(today, days);
    return {
      name: 'lease.create',
      args: {
        values: {
          productId: rowId('vehicle', one.vin), expiryDate, lastRenewal: dateAfter(expiryDate, -Number(duration)), duration, leaseType: 'Rental', description: 'Monthly rental with service',
          orderStatus: 'Success', paymentStatus: days < 0 && position % 2 === 0 ? 'Pending' : 'Success', lockOnExpiry: position % 3 === 0, ...(days < 0 ? {} : { paymentReference: `PAY-${String(100_000 + one.index)}` }),
        },
      },
      options: optionsOf('lease', one.vin),
    };
  });
  const stations = fleet.locations.slice(0, STATIONS).flatMap((place, n): MutationCall[] => [
    {
      name: 'station.create',
      args: { values: { name: `${place.city} Swap Point`, locationId: rowId('location', place.key), address: `${12 + n} Station Road`, latitude: place.lat + 0.01, longitude: place.lon - 0.008, slots: SLOTS, status: n === STATIONS - 1 ? 'Maintenance' : 'Open' } },
      options: optionsOf('station', place.key),
    },
    ...Array.from({ length: SLOTS - 2 }, (_, slot): MutationCall => ({
      name: 'station-slot.create',
      args: { values: { stationId: rowId('station', place.key), slot: slot + 1, bmsId: `Bms2WP${n + 1}${String(slot + 1).padStart(6, '0')}`, soc: slot < 3 ? 100 : 35 + slot * 9, state: slot < 3 ? 'Ready' : slot === 5 && n === 1 ? 'Faulty' : 'Charging' } },
      options: optionsOf('slot', `${place.key}:${slot}`),
    })),
  ]);
  return [...members, ...leases, ...stations];
}
