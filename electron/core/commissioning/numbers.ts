import type { NumberAnswer } from '#shared/contract/commissioning.ts';
import { availabilityOf, isAvailable, normaliseScan, type NumberHolder, type NumberKind } from '#shared/domain/commissioning/index.ts';
import { groupMember } from '#shared/resources/group-member.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { unit, type UnitRow } from '#shared/resources/unit.ts';
import { settingsOf, type WorkServices } from './services.ts';

const FIELD = { vcu: product.fields.telematicsId, battery: product.fields.bmsId, motor: product.fields.motorId, frame: product.fields.vin, phone: sale.fields.phone } as const;
const HELD_BY = { battery: 'bmsId', motor: 'motorId', frame: 'vin' } as const;

type Services = Pick<WorkServices, 'operations' | 'registry' | 'directory'>;

/** Says whether scanned numbers can be used, from what is stored now; the change itself asks again. */
export class NumberDesk {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  check(kind: NumberKind, typed: string, anyKind: boolean): NumberAnswer {
    const { patterns } = settingsOf(this.#services.operations);
    const number = normaliseScan(typed, patterns.prefixes);
    const parsed = FIELD[kind].schema.safeParse(number);
    if (!parsed.success) return { number, state: 'invalid', available: false, problem: parsed.error.issues[0]?.message ?? '' };
    const registered = kind === 'vcu' ? this.#unit(parsed.data) : undefined;
    const asked = registered?.telematicsId ?? parsed.data;
    const facts = {
      kind, number: asked, anyKind,
      holder: this.#holder(kind, asked, registered),
      registered: registered !== undefined,
      heard: kind === 'vcu' && registered === undefined && this.#services.registry.byDevice(parsed.data) !== undefined,
      member: kind === 'phone' ? this.#member(asked) : undefined,
    };
    const { state, ...more } = availabilityOf(facts, patterns);
    return { number: asked, state, available: isAvailable({ state } as Parameters<typeof isAvailable>[0]), ...more, ...(registered === undefined ? {} : { unit: this.#unitFacts(registered) }) };
  }

  /** The registered unit of a Telematics ID; a scanned Device ID finds it, too. */
  #unit(number: string): UnitRow | undefined {
    const { read } = this.#services.operations;
    const found = read.findUnique(unit, 'telematicsId', number) ?? read.findUnique(unit, 'deviceId', number);
    return found?.source === 'registered' && found.telematicsId !== undefined ? found : undefined;
  }

  #holder(kind: NumberKind, number: string, registered: UnitRow | undefined): NumberHolder | undefined {
    const { read } = this.#services.operations;
    if (kind === 'phone') {
      const owner = read.findUnique(sale, 'phone', number);
      return owner && this.#named(owner.productId);
    }
    if (kind === 'vcu') {
      const found = read.findUnique(product, 'telematicsId', number) ?? (registered && read.findUnique(product, 'deviceId', registered.deviceId));
      return found && this.#named(found.id);
    }
    const found = read.findUnique(product, HELD_BY[kind], number);
    return found && this.#named(found.id);
  }

  #member(number: string): NumberHolder | undefined {
    const found = this.#services.operations.read.findUnique(groupMember, 'phone', number);
    return found && this.#named(found.productId);
  }

  #named(vehicleId: string): NumberHolder | undefined {
    const found = this.#services.directory.vehicle(vehicleId);
    return found && { vehicleId, vin: found.vin, ...(found.customer === undefined ? {} : { customer: found.customer }) };
  }

  #unitFacts({ id, deviceId, kind }: UnitRow): NonNullable<NumberAnswer['unit']> {
    const on = this.#services.directory.vehicleOfUnit(id);
    const heard = this.#services.registry.byUnitId(id)?.lastReceived ?? Number.NaN;
    return {
      deviceId, kind,
      ...(on === undefined ? {} : { communicationType: on.communicationType, modelId: on.modelId, batteryModel: on.batteryModel }),
      ...(on?.simNumber === undefined ? {} : { simNumber: on.simNumber }),
      ...(Number.isNaN(heard) ? {} : { lastReceived: heard }),
    };
  }
}
