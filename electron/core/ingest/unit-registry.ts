import { UnitContext, type DeviceProfile, type UnitOptions } from '#shared/domain/telemetry/processor/index.ts';
import { DEFAULT_SPEED_LIMIT, type FleetState } from '#shared/domain/telemetry/state/index.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import type { StoredUnit } from '../store/telemetry/telemetry-log.ts';

/** Units one store knows at most: a broker that lets anybody in must not fill the memory. */
export const UNIT_LIMIT = 250_000;

/** What master data says about the vehicle a unit is bound to. */
export interface UnitDescription {
  readonly model?: string;
  /** km/h */
  readonly speedLimit?: number;
  readonly profile?: DeviceProfile;
  readonly vin?: string;
}

export type DescribeUnit = (unit: { readonly deviceId: string; readonly unitId: string }) => UnitDescription | undefined;

/** A telematics unit as the pipeline knows it. */
export interface IngestUnit {
  /** In this store. */
  readonly number: number;
  readonly deviceId: string;
  readonly unitId: string;
  /** Row of the live fleet. */
  readonly slot: number;
  readonly context: UnitContext;
  /** Epoch ms, NaN: never since the start. */
  lastReceived: number;
  /** What its topics begin with, `{prefix}/{fleet}/{device}`; undefined: not heard of on a native topic since the start. */
  topicRoot: string | undefined;
  /** Somebody looks after what is missing of it. */
  watched: boolean;
}

/** All units, known or new; a unit that is heard for the first time is registered without a vehicle. */
export class UnitRegistry {
  readonly #state: FleetState;
  readonly #describe: DescribeUnit;
  readonly #byDevice = new Map<string, IngestUnit>();
  readonly #byUnitId = new Map<string, IngestUnit>();
  readonly #byNumber: (IngestUnit | undefined)[] = [];
  #unsaved: StoredUnit[] = [];

  constructor(state: FleetState, describe: DescribeUnit) {
    this.#state = state;
    this.#describe = describe;
  }

  get size(): number {
    return this.#byDevice.size;
  }

  all(): IterableIterator<IngestUnit> {
    return this.#byDevice.values();
  }

  byDevice(deviceId: string): IngestUnit | undefined {
    return this.#byDevice.get(deviceId);
  }

  byNumber(number: number): IngestUnit | undefined {
    return this.#byNumber[number];
  }

  byUnitId(unitId: string): IngestUnit | undefined {
    return this.#byUnitId.get(unitId);
  }

  /** Takes a unit from the store, with what is known of its messages. */
  restore(unit: StoredUnit, saved: Pick<UnitOptions, 'sequence'> = {}): IngestUnit {
    return this.#byDevice.get(unit.deviceId) ?? this.#add(unit.number, unit.deviceId, saved);
  }

  /** The unit of a device, registered at first sight; undefined beyond UNIT_LIMIT. */
  ensure(deviceId: string, now: number): IngestUnit | undefined {
    const known = this.#byDevice.get(deviceId);
    if (known) return known;
    if (this.size >= UNIT_LIMIT) return undefined;
    const unit = this.#add(Math.max(1, this.#byNumber.length), deviceId, {});
    this.#unsaved.push({ number: unit.number, deviceId, firstSeen: now });
    return unit;
  }

  /** Units that the store has not been told of. */
  takeUnsaved(): StoredUnit[] {
    if (this.#unsaved.length === 0) return this.#unsaved;
    const unsaved = this.#unsaved;
    this.#unsaved = [];
    return unsaved;
  }

  /** Master data has changed: models and profiles are asked for again. */
  describeAgain(): void {
    for (const unit of this.#byDevice.values()) {
      const description = this.#describe(unit);
      unit.context.model = description?.model;
      unit.context.profile = description?.profile ?? 'native';
    }
  }

  /** DBC files have changed: buses are bound anew. */
  forgetBindings(): void {
    for (const unit of this.#byDevice.values()) unit.context.forgetBindings();
  }

  #add(number: number, deviceId: string, saved: Pick<UnitOptions, 'sequence'>): IngestUnit {
    const unitId = unitIdOf(deviceId);
    const description = this.#describe({ deviceId, unitId });
    const unit: IngestUnit = {
      number,
      deviceId,
      unitId,
      slot: this.#state.ensureSlot(unitId, description?.model ?? '', description?.speedLimit ?? DEFAULT_SPEED_LIMIT),
      context: new UnitContext({
        deviceId,
        ...(description?.profile === undefined ? {} : { profile: description.profile }),
        ...(description?.model === undefined ? {} : { model: description.model }),
        ...saved,
      }),
      lastReceived: Number.NaN,
      topicRoot: undefined,
      watched: false,
    };
    this.#byDevice.set(deviceId, unit);
    this.#byUnitId.set(unitId, unit);
    this.#byNumber[number] = unit;
    return unit;
  }
}
