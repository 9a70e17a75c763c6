import type { z } from 'zod';
import type { intakeContract } from '#shared/contract/intake.ts';
import { skewOf } from '#shared/domain/telemetry/clock/index.ts';
import { REJECT_REASONS } from '#shared/domain/telemetry/envelope/index.ts';
import type { EmbeddedBroker } from '../mqtt/embedded-broker.ts';
import type { StorageReport } from '../store/telemetry/writer-protocol.ts';
import { OTHER_TOPICS, type Pipeline } from './pipeline.ts';
import type { Backfill } from './backfill/backfill.ts';
import type { Rates } from './rates.ts';
import type { DescribeUnit, IngestUnit, UnitRegistry } from './unit-registry.ts';

export type IntakeSummary = z.output<(typeof intakeContract)['intake.summary']['item']>;
export type IntakeDevices = z.output<(typeof intakeContract)['intake.devices']['output']>;
export type IntakeDevicesQuery = z.output<(typeof intakeContract)['intake.devices']['input']>;
type Device = IntakeDevices['devices'][number];

const LABELS = [
  ['received', 'Messages received'],
  ['bytes', 'Bytes received'],
  ['committed', 'Rows stored'],
  ['values', 'Values decoded'],
  ['storedValues', 'Values stored'],
  ['acknowledged', 'Messages acknowledged'],
  ['duplicates', 'Repeated messages'],
  ['buffered', 'Late messages'],
  ['retained', 'Retained copies'],
  ['rejected', 'Malformed messages'],
  ['skipped', 'Too long, or with QoS 2'],
  ['unrouted', 'Messages on unknown topics'],
  ['shed', 'Not stored: store too slow'],
  ['refusedMessages', 'Refused by the store'],
] as const;

const BACKFILL_LABELS = { missingAsked: 'Missing messages asked for again', missingFilled: 'Missing messages filled', missingLost: 'Missing messages given up' } as const;

export interface ReportSources {
  readonly pipeline: Pipeline;
  readonly registry: UnitRegistry;
  readonly rates: Rates;
  readonly describe: DescribeUnit;
  readonly broker: () => EmbeddedBroker | undefined;
  readonly storage: () => StorageReport | undefined;
  readonly position: () => string;
  readonly backfill: Backfill;
}

/** Counters by key, as `Rates` samples them. */
export function counterValues(sources: Pick<ReportSources, 'pipeline' | 'broker' | 'backfill'>): Map<string, number> {
  const { counters } = sources.pipeline;
  const values = new Map<string, number>(LABELS.map(([key]) => [key, counters[key]]));
  const { asked, filled, lost } = sources.backfill.counts;
  values.set('missingAsked', asked);
  values.set('missingFilled', filled);
  values.set('missingLost', lost);
  const statistics = sources.broker()?.statistics;
  if (statistics) {
    values.set('refusedSignIns', statistics.refusedSignIns);
    values.set('refusedTopics', statistics.refusedTopics);
    values.set('oversized', statistics.oversized);
  }
  return values;
}

const BROKER_LABELS: Readonly<Record<string, string>> = { refusedSignIns: 'Sign-ins refused', refusedTopics: 'Topics refused', oversized: 'Packets too long' };

/** Counters and queues of the way from broker to store, as of `now` (epoch ms). */
export function intakeSummary(sources: ReportSources, now: number): IntakeSummary {
  const { pipeline, rates } = sources;
  const labels = new Map<string, string>([...LABELS, ...Object.entries(BROKER_LABELS), ...Object.entries(BACKFILL_LABELS)]);
  const counters = Array.from(counterValues(sources), ([key, value]) => ({ key, label: labels.get(key) ?? key, value, perSecond: rates.perSecond(key) }));
  const queues: IntakeSummary['queues'] = [
    {
      key: 'store',
      label: 'Waiting for the store',
      length: pipeline.queue.length,
      bound: pipeline.queue.bound,
      dropped: pipeline.counters.shed,
      rule: 'The broker is held back; after 2 s without a commit telemetry with QoS 0 is shown and not stored. Faults and alarms are always stored.',
    },
  ];
  const statistics = sources.broker()?.statistics;
  if (statistics) {
    queues.push({ key: 'broker', label: 'Embedded broker, bytes not committed', length: statistics.pendingBytes, bound: BROKER_BOUND, dropped: 0, rule: 'Units are held back by TCP; nothing is dropped.' });
    queues.push({ key: 'offline', label: 'Commands for absent units', length: 0, bound: OFFLINE_BOUND, dropped: statistics.offlineDropped, rule: 'Beyond 100 for one unit new ones are dropped.' });
  }
  const storage = sources.storage();
  return {
    asOf: now,
    counters,
    queues,
    logBytes: storage?.logBytes ?? 0,
    ...(storage && Number.isFinite(storage.freeBytes) ? { freeBytes: storage.freeBytes } : {}),
    appliedThrough: sources.position(),
  };
}

/** See BROKER_LIMITS of the embedded broker. */
const BROKER_BOUND = 32 * 1024 * 1024;
const OFFLINE_BOUND = 100;

/** Units with what was wrong with their messages, those with problems first. */
export function intakeDevices(sources: ReportSources, query: IntakeDevicesQuery, visible: (deviceId: string | undefined) => boolean = () => true): IntakeDevices {
  const wanted = query.search?.trim().toLowerCase() ?? '';
  const rows: Device[] = [];
  for (const unit of sources.registry.all()) {
    if (!visible(unit.deviceId)) continue;
    const row = deviceRow(unit, sources.describe(unit)?.vin, sources.backfill);
    if (matches(row, wanted) && (!query.problemsOnly || problems(row) > 0)) rows.push(row);
  }
  const { unrouted } = sources.pipeline.counters;
  if (unrouted > 0 && visible(undefined)) {
    const other: Device = { deviceId: OTHER_TOPICS, messages: unrouted, malformed: unrouted, ...(sources.pipeline.lastUnrouted === undefined ? {} : { lastReason: sources.pipeline.lastUnrouted }), gaps: 0, duplicates: 0, late: 0, unknownIds: [], lengthMismatches: 0 };
    if (matches(other, wanted)) rows.push(other);
  }
  rows.sort((a, b) => problems(b) - problems(a) || (a.deviceId < b.deviceId ? -1 : 1));
  return { total: rows.length, devices: rows.slice(query.offset, query.offset + query.limit) };
}

function deviceRow(unit: IngestUnit, vin: string | undefined, backfill: Backfill): Device {
  const { context } = unit;
  const { counters, rejectedSample } = context;
  const skew = skewOf(context.skew, 0);
  const counts = backfill.countsOf(unit);
  return {
    deviceId: unit.deviceId,
    ...(vin === undefined ? {} : { vin }),
    messages: counters.messages,
    malformed: counters.rejected,
    ...(rejectedSample === undefined ? {} : { lastReason: REJECT_REASONS[rejectedSample.reason] }),
    gaps: context.sequence.missing,
    ...(counts === undefined ? {} : { backfill: counts }),
    duplicates: counters.duplicates,
    late: counters.buffered,
    // A person is told how far the unit's clock is ahead; the skew says how far it is behind.
    ...(Number.isNaN(skew) ? {} : { clockSkew: 0 - skew }),
    ...(Number.isNaN(unit.lastReceived) ? {} : { lastReceived: unit.lastReceived }),
    unknownIds: Array.from(context.unknownIds.keys(), frameName),
    lengthMismatches: counters.lengthMismatches,
  };
}

/** Bus and id of a frame key as people write them: `0:1A5`, `0:18FEF100x` for an extended id. */
function frameName(key: number): string {
  const bus = Math.floor(key / 1_073_741_824);
  const extended = Math.floor(key / 536_870_912) % 2 === 1;
  const id = key % 536_870_912;
  return `${bus}:${id.toString(16).toUpperCase().padStart(extended ? 8 : 3, '0')}${extended ? 'x' : ''}`;
}

function problems(row: Device): number {
  return row.malformed + row.gaps + row.lengthMismatches + row.unknownIds.length;
}

function matches(row: Device, wanted: string): boolean {
  return wanted === '' || row.deviceId.toLowerCase().includes(wanted) || (row.vin?.toLowerCase().includes(wanted) ?? false);
}
