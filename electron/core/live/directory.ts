import type { FleetDirectory as Source } from '#core/store/operations/directory/directory.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { product } from '#shared/resources/product.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { sale } from '#shared/resources/sale.ts';
import type { BoundUnit, DetailField, DetailGroup, DirectoryEntry, FleetDirectory } from './directory-port.ts';

/** Changes that come within this time are one new revision, ms: a bulk import is not thousands. */
const GATHER = 200;

interface Row {
  readonly id: string;
}

function cell(row: Row, key: string): unknown {
  return (row as unknown as Readonly<Record<string, unknown>>)[key];
}

/** What the live fleet needs of the directory, with changes gathered and the details that the resource definitions describe. */
export class DirectoryView implements FleetDirectory, Disposable {
  readonly #source: Source;
  readonly #read: Operations['read'];
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  #entries: DirectoryEntry[] | undefined;
  #waiting: Disposable | undefined;

  constructor(source: Source, read: Operations['read'], scheduler: Scheduler) {
    this.#source = source;
    this.#read = read;
    this.#store.add(
      source.onChange(() => {
        this.#entries = undefined;
        this.#waiting ??= scheduler.after(GATHER, () => {
          this.#waiting = undefined;
          this.#changed.emit();
        });
      }),
    );
    this.#store.add({ dispose: () => this.#waiting?.dispose() });
  }

  get revision(): number {
    return this.#source.revision;
  }

  onChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  vehicles(): readonly DirectoryEntry[] {
    return (this.#entries ??= [...this.#source.vehicles()].sort((a, b) => (a.vin < b.vin ? -1 : a.vin > b.vin ? 1 : 0)));
  }

  cities(): { cityId: string; city: string; state: string; zone: string; lat: number; lon: number }[] {
    return this.#source.locations().map((row) => ({ cityId: row.id, city: row.city, state: row.state, zone: row.zone, lat: row.latitude, lon: row.longitude }));
  }

  customers(): { customerId: string; name: string }[] {
    return this.#source.customers().map((row) => ({ customerId: row.id, name: row.name }));
  }

  details(vehicleId: string): readonly DetailGroup[] {
    const vehicle = this.#read.get(product, vehicleId);
    if (!vehicle) return [];
    const sold = this.#read.findUnique(sale, 'productId', vehicleId);
    // A sale's component details repeat the product's.
    return [...this.#groups(product, vehicle, sold), ...(sold ? this.#groups(sale, sold, sold).filter((group) => group.title !== 'Component details') : [])];
  }

  boundUnits(vehicleId: string): readonly BoundUnit[] {
    return this.#source.bindingsOf(vehicleId).map((binding) => ({
      unitId: binding.unitId,
      from: this.#source.bindingsOfUnit(binding.unitId)[0]?.id === binding.id ? Number.NEGATIVE_INFINITY : binding.validFrom,
      to: binding.validTo ?? Number.POSITIVE_INFINITY,
    }));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #groups(resource: Resource, row: Row, sold: Row | undefined): DetailGroup[] {
    return (resource.details ?? []).map((group) => ({ title: group.title, fields: group.fields.map((key) => this.#field(resource, row, key, sold)).filter((field) => field !== undefined) }));
  }

  #field(resource: Resource, row: Row, key: string, sold: Row | undefined): DetailField | undefined {
    const joined = resource.joined[key];
    if (joined) {
      const target = resourceNamed(joined.resource);
      const reference = joined.through === undefined ? undefined : cell(row, joined.through);
      const other = typeof reference === 'string' ? this.#read.get(target, reference) : joined.by !== undefined && target.name === 'sale' ? sold : undefined;
      const found = other && this.#field(target, other, joined.field, sold);
      return { key, label: joined.label ?? target.fields[joined.field]?.label ?? key, type: found?.type ?? 'text', value: found?.value, unit: found?.unit };
    }
    const field = resource.fields[key];
    if (!field) return undefined;
    const value = cell(row, key);
    const type = field.type === 'date' || field.type === 'instant' ? field.type : typeof value === 'number' ? 'number' : 'text';
    return { key, label: field.label, type, value: typeof value === 'string' || typeof value === 'number' ? value : undefined, unit: field.unit };
  }
}
