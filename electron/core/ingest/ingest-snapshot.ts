import { z } from 'zod';
import type { SequenceSnapshot } from '#shared/domain/telemetry/sequence/index.ts';
import { restoreSnapshot, takeSnapshot, type FleetState } from '#shared/domain/telemetry/state/index.ts';
import type { UnitRegistry } from './unit-registry.ts';

/** Name of the pipeline's snapshot in the store. */
export const SNAPSHOT_NAME = 'ingest';
const VERSION = 1;

const bootWindow = z.object({
  boot: z.number(),
  lowest: z.number(),
  highest: z.number(),
  doubtful: z.boolean(),
  unsureUpTo: z.number(),
  bootStart: z.number().optional(),
  missing: z.array(z.number()),
  since: z.array(z.number()).default([]),
  highestAt: z.number().default(0),
  firstAt: z.number().default(0),
});
const metaBus = z.object({ bus: z.number(), name: z.string(), kbps: z.number().optional(), fd: z.boolean(), dbc: z.string().optional() });
const meta = z.object({ model: z.string(), vin: z.string().optional(), unitType: z.string().optional(), firmware: z.string().optional(), buses: z.array(metaBus) });
const header = z.object({
  version: z.literal(VERSION),
  units: z.array(z.object({ deviceId: z.string(), sequence: z.object({ boots: z.array(bootWindow), forgotten: z.number() }), meta: meta.optional() })),
});

/** What the pipeline remembers, as bytes: u32 length of a JSON header (sequences and descriptions by device), it, the live fleet. */
export function takeIngestSnapshot(registry: UnitRegistry, state: FleetState): Uint8Array<ArrayBuffer> {
  const units = Array.from(registry.all(), (unit) => ({ deviceId: unit.deviceId, sequence: unit.context.sequence.save(), meta: unit.context.meta }));
  const json = new TextEncoder().encode(JSON.stringify({ version: VERSION, units }));
  const fleet = takeSnapshot(state);
  const bytes = new Uint8Array(4 + json.length + fleet.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  bytes.set(fleet, 4 + json.length);
  return bytes;
}

/** Puts a snapshot into an empty registry and state. False where it is of another version or damaged; nothing is changed then. */
export function restoreIngestSnapshot(bytes: Uint8Array, stored: ReadonlyMap<string, { readonly number: number; readonly firstSeen: number }>, registry: UnitRegistry, state: FleetState): boolean {
  if (bytes.length < 4) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const parsed = header.safeParse(parseJson(bytes.subarray(4, 4 + length)));
  // The fleet's bytes carry their own checksum.
  if (!parsed.success || !restoreSnapshot(state, bytes.subarray(4 + length))) return false;
  for (const { deviceId, sequence, meta: description } of parsed.data.units) {
    const unit = stored.get(deviceId);
    if (!unit) continue;
    const restored = registry.restore({ deviceId, ...unit }, { sequence: withBootStart(sequence) });
    restored.context.meta = description && { ...description, vin: description.vin, unitType: description.unitType, firmware: description.firmware, buses: description.buses.map((bus) => ({ ...bus, kbps: bus.kbps, dbc: bus.dbc })) };
  }
  return true;
}

function withBootStart(saved: z.output<typeof header>['units'][number]['sequence']): SequenceSnapshot {
  return { forgotten: saved.forgotten, boots: saved.boots.map((boot) => ({ ...boot, bootStart: boot.bootStart })) };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
