import { z } from 'zod';
import { AppError } from '#shared/kernel/error.ts';

const index = z.array(z.int().min(-1));
const schema = z.object({
  version: z.literal(1),
  attribution: z.string(),
  /** [ISO 3166-1 alpha-2, name]. */
  countries: z.array(z.tuple([z.string(), z.string()])),
  /** [index of the country, name]. */
  states: z.array(z.tuple([z.int().min(0), z.string()])),
  /** [index of the state, name]. */
  districts: z.array(z.tuple([z.int().min(0), z.string()])),
  name: z.array(z.string()),
  /** Ten-thousandths of a degree. */
  lat: z.array(z.int()),
  lon: z.array(z.int()),
  /** Index of the state. */
  state: index,
  /** Index of the district, -1 where unknown. */
  district: index,
  /** 0 metropolis … 8 hamlet or suburb. */
  rank: z.array(z.int().min(0).max(8)),
});

/** The gazetteer file: places as columns of equal length. */
export type GazetteerData = z.infer<typeof schema>;

/** Checks a parsed gazetteer file, own or an installation's. Throws AppError `invalid-input` naming what is wrong. */
export function parseGazetteer(input: unknown): GazetteerData {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new AppError('invalid-input', 'The gazetteer file is not readable. Restore the file that came with the product.', { problem: z.prettifyError(parsed.error) });
  const data = parsed.data;
  const count = data.name.length;
  const equal = [data.lat, data.lon, data.state, data.district, data.rank].every((column) => column.length === count);
  const linked = data.state.every((at) => at >= 0 && at < data.states.length) && data.district.every((at) => at < data.districts.length)
    && data.states.every(([country]) => country < data.countries.length) && data.districts.every(([state]) => state < data.states.length);
  if (!equal || !linked) throw new AppError('invalid-input', 'The gazetteer file is inconsistent. Restore the file that came with the product.');
  return data;
}
