import { z } from 'zod';
import { DEFAULT_PATTERNS } from '../domain/commissioning/scan.ts';

/** Key of the setting that holds these. */
export const COMMISSIONING_SETTING = 'commissioning';

const pattern = z.string().trim().min(1).max(40);
const patterns = z.array(pattern).max(30);

/** What an installation sets for commissioning. */
export const commissioningSettings = z.strictObject({
  /** What numbers look like, see NumberPatterns (shared/domain/commissioning/scan.ts). */
  patterns: z
    .strictObject({ vcu: patterns, battery: patterns, motor: patterns, frame: patterns, placeholder: patterns, prefixes: patterns })
    .default({ vcu: [...DEFAULT_PATTERNS.vcu], battery: [...DEFAULT_PATTERNS.battery], motor: [...DEFAULT_PATTERNS.motor], frame: [...DEFAULT_PATTERNS.frame], placeholder: [...DEFAULT_PATTERNS.placeholder], prefixes: [...DEFAULT_PATTERNS.prefixes] }),
  /** Firmware versions that a unit may have, by id of the vehicle model; none: any. */
  firmware: z.record(z.uuid(), z.array(z.string().trim().min(1).max(60)).max(20)).default({}),
  /** Senders on the bus whose messages need not be heard on the bench, as patterns. */
  optionalSenders: patterns.default(['CHG*', '*CHARGER*', 'OBC*']),
});
export type CommissioningSettings = z.infer<typeof commissioningSettings>;

/** The settings in a stored value; what is missing or cannot be read is the default. */
export function readCommissioningSettings(value: unknown): CommissioningSettings {
  const parsed = commissioningSettings.safeParse(value ?? {});
  return parsed.success ? parsed.data : commissioningSettings.parse({});
}
