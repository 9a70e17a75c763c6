import type { OutputOf } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { DirectoryEntry } from './directory-port.ts';
import type { LiveFleet } from './live-fleet.ts';

type Hit = OutputOf<'search.global'>['hits'][number];

/** What a vehicle is found by, the most telling first. */
const VEHICLE_FIELDS: readonly { readonly label: string; readonly of: (entry: DirectoryEntry) => string | undefined }[] = [
  { label: 'VIN', of: (entry) => entry.vin },
  { label: 'VCU', of: (entry) => entry.telematicsId },
  { label: 'Registration', of: (entry) => entry.registration },
  { label: 'Device ID', of: (entry) => entry.deviceId },
  { label: 'BMS', of: (entry) => entry.bmsId },
  { label: 'Motor', of: (entry) => entry.motorId },
  { label: 'Phone', of: (entry) => entry.phone },
  { label: 'User', of: (entry) => entry.userName },
];

/** 0 the whole value, 1 its beginning, 2 somewhere within; undefined no match. */
function rank(value: string | undefined, text: string): number | undefined {
  if (value === undefined) return undefined;
  const at = value.toLowerCase().indexOf(text);
  if (at < 0) return undefined;
  return at > 0 ? 2 : value.length === text.length ? 0 : 1;
}

/** Vehicles, customers and cities in the principal's scope that match, best first, `limit` in all. */
export function searchFleet(fleet: LiveFleet, principal: Principal, text: string, limit: number): Hit[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found: { rank: number; hit: Hit }[] = [];
  const slots = fleet.slots(principal);
  const customers = new Set<string | undefined>();
  const cities = new Set<string | undefined>();
  for (const slot of slots) {
    const entry = fleet.entry(slot)!;
    customers.add(entry.customerId);
    cities.add(entry.cityId);
    for (const [index, field] of VEHICLE_FIELDS.entries()) {
      const value = field.of(entry);
      const matched = rank(value, wanted);
      if (matched === undefined) continue;
      const detail = index === 0 ? [entry.model, entry.customer, entry.city] : [`${field.label} ${value}`, entry.customer, entry.city];
      found.push({ rank: matched * 10 + index, hit: { kind: 'vehicle', id: entry.vehicleId, title: entry.vin, subtitle: detail.filter(Boolean).join(' · '), field: field.label } });
      break;
    }
  }
  for (const customer of fleet.directory.customers()) {
    const matched = customers.has(customer.customerId) ? rank(customer.name, wanted) : undefined;
    if (matched !== undefined) found.push({ rank: matched * 10 + 8, hit: { kind: 'customer', id: customer.customerId, title: customer.name, subtitle: 'Customer', field: 'Name' } });
  }
  for (const city of fleet.directory.cities()) {
    const matched = cities.has(city.cityId) ? rank(city.city, wanted) : undefined;
    if (matched !== undefined) found.push({ rank: matched * 10 + 9, hit: { kind: 'city', id: city.cityId, title: city.city, subtitle: city.state, field: 'City' } });
  }
  return found
    .sort((a, b) => a.rank - b.rank || (a.hit.title < b.hit.title ? -1 : 1))
    .slice(0, limit)
    .map(({ hit }) => hit);
}
