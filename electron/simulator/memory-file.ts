import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { VehicleMemory } from './model/vehicle.ts';

const vehicle = z.object({
  odometer: z.number().min(0), soc: z.number().min(0).max(1), cycles: z.number().min(0), boot: z.number().int().min(0).max(0xffff_fffe), lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180),
});
const file = z.object({ version: z.literal(1), seed: z.string(), vehicles: z.record(z.string(), vehicle) });

/**
 * What the last run with this seed left in the file at `path`; undefined where there is no such file, where it belongs to
 * another seed, or where it is damaged: the fleet then starts as new.
 */
export function loadMemory(path: string, seed: string | number): Record<string, VehicleMemory> | undefined {
  try {
    const read = file.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return read.success && read.data.seed === String(seed) ? read.data.vehicles : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the file for the next run, whole or not at all. Throws what the file system throws. */
export function saveMemory(path: string, seed: string | number, vehicles: Readonly<Record<string, VehicleMemory>>): void {
  const beside = `${path}.new`;
  writeFileSync(beside, JSON.stringify({ version: 1, seed: String(seed), vehicles }));
  renameSync(beside, path);
}
