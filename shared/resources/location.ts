import { defineResource, type RowOf } from './define-resource.ts';
import { number, text } from './field.ts';

/** A city with its administrative parents and coordinates. */
export const location = defineResource({
  name: 'location',
  label: { one: 'Location', many: 'Locations' },
  title: 'city',
  hint: ['district', 'state'],
  fields: {
    city: text({ label: 'City', max: 100, mandatory: 'always', searchable: true }),
    district: text({ label: 'District', max: 100, mandatory: 'always', searchable: true }),
    state: text({ label: 'State', max: 100, mandatory: 'always', searchable: true }),
    country: text({ label: 'Country', max: 100, mandatory: 'always', searchable: true }),
    zone: text({ label: 'Zone', max: 60, mandatory: 'always', searchable: true }),
    latitude: number({ label: 'Latitude', unit: '°', min: -90, max: 90, mandatory: 'always' }),
    longitude: number({ label: 'Longitude', unit: '°', min: -180, max: 180, mandatory: 'always' }),
  },
  uniqueTogether: { key: 'place', fields: ['city', 'district', 'state', 'country'] },
  scope: 'all',
  permissions: { read: 'admin.read', write: 'admin.write' },
  grid: ['city', 'district', 'state', 'country', 'zone', 'latitude', 'longitude'],
  form: { add: ['city', 'district', 'state', 'country', 'latitude', 'longitude', 'zone'], edit: ['city', 'district', 'state', 'country', 'latitude', 'longitude', 'zone'] },
  details: [{ title: 'Location', fields: ['city', 'district', 'state', 'country', 'zone', 'latitude', 'longitude'] }],
  filters: ['zone', 'state'],
  sort: { column: 'city', direction: 'asc' },
  exchange: { city: 'City' },
});

export type LocationRow = RowOf<typeof location.fields>;
