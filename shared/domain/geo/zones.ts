/**
 * Zones of India as the Zonal Councils have them (States Reorganisation Act 1956, section 15; North Eastern Council
 * Act 1971). The island territories go with the South, whose council invites them.
 */
export const ZONES = ['North', 'South', 'East', 'West', 'Central', 'North-East'] as const;

export type Zone = (typeof ZONES)[number];

const STATES: Readonly<Record<Zone, readonly string[]>> = {
  North: ['Chandigarh', 'Delhi', 'Haryana', 'Himachal Pradesh', 'Jammu and Kashmir', 'Ladakh', 'Punjab', 'Rajasthan'],
  South: ['Andaman and Nicobar Islands', 'Andhra Pradesh', 'Karnataka', 'Kerala', 'Lakshadweep', 'Puducherry', 'Tamil Nadu', 'Telangana'],
  East: ['Bihar', 'Jharkhand', 'Odisha', 'West Bengal'],
  West: ['Dadra and Nagar Haveli and Daman and Diu', 'Goa', 'Gujarat', 'Maharashtra'],
  Central: ['Chhattisgarh', 'Madhya Pradesh', 'Uttar Pradesh', 'Uttarakhand'],
  'North-East': ['Arunachal Pradesh', 'Assam', 'Manipur', 'Meghalaya', 'Mizoram', 'Nagaland', 'Sikkim', 'Tripura'],
};

/** Spellings met in imports. */
const ALIASES: Readonly<Record<string, string>> = {
  orissa: 'odisha', pondicherry: 'puducherry', uttaranchal: 'uttarakhand', 'nct of delhi': 'delhi', 'new delhi': 'delhi', 'andaman and nicobar': 'andaman and nicobar islands',
  'daman and diu': 'dadra and nagar haveli and daman and diu', 'dadra and nagar haveli': 'dadra and nagar haveli and daman and diu',
};

const ZONE_BY_STATE = new Map(ZONES.flatMap((zone) => STATES[zone].map((state) => [state.toLowerCase(), zone] as const)));

/** States and union territories of India by their names in use, in zone order. */
export const INDIA_STATES: readonly string[] = ZONES.flatMap((zone) => STATES[zone]);

/** Zone of a state or union territory of India; undefined for anything else. Case, `&` and older names do not matter. */
export function zoneOf(state: string): Zone | undefined {
  const name = state.trim().toLowerCase().replace(/\s*&\s*/g, ' and ').replace(/\s+/g, ' ');
  return ZONE_BY_STATE.get(ALIASES[name] ?? name);
}
