import type { Principal } from '#shared/domain/access/principal.ts';
import { keyColumn, togetherKey } from '#shared/resources/columns.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { ImportRow } from '#shared/resources/import-cells.ts';
import { importColumn, type ImportTemplate } from '#shared/resources/import-template.ts';
import { searchText, uniqueKey } from '#shared/resources/normalise.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import { MUTATORS } from '#shared/sync/mutators/index.ts';
import type { RowStore } from '#shared/sync/tx.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { SqliteRowStore } from '#shared/store/row-store.ts';
import { failedRow, titleOf, type PlannedChange, type PlannedRow, type RowPlanner } from './planned.ts';
import { ReferenceFinder } from './reference-finder.ts';

type Values = Readonly<Record<string, unknown>>;
type Row = Values & { readonly id: string; readonly revision: number };

const same = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));

/** Plans the rows of a resource's template: those that are there are changed, others added. Rules of the mutators speak when it is applied. */
class ResourcePlanner implements RowPlanner {
  readonly #operations: Operations;
  readonly #principal: Principal;
  readonly #resource: Resource;
  readonly #template: ImportTemplate;
  readonly #store: RowStore;
  readonly #references: ReferenceFinder;

  constructor(operations: Operations, principal: Principal, resource: Resource, template: ImportTemplate) {
    this.#operations = operations;
    this.#principal = principal;
    this.#resource = resource;
    this.#template = template;
    this.#store = new SqliteRowStore(operations.read.database);
    this.#references = new ReferenceFinder(operations, this.#store, principal);
  }

  async plan(row: ImportRow): Promise<PlannedRow> {
    const reasons = [...row.problems];
    if (this.#template.key.some((key) => row.values[key] === undefined)) return failedRow(this.#template, row, reasons);
    const keyed = await this.#resolve(row, this.#template.key, undefined, reasons);
    const before = reasons.length > row.problems.length ? undefined : await this.#find(keyed);
    const rest = this.#template.columns.map(({ key }) => key).filter((key) => !this.#template.key.includes(key));
    const values = { ...keyed, ...(await this.#resolve(row, rest, before, reasons)) };
    await this.#checkUnique(values, before?.id, reasons);
    const plan = reasons.length > 0 ? undefined : before === undefined ? await this.#add(row, values, reasons) : await this.#change(row, before, values, reasons);
    return plan === undefined || reasons.length > 0 ? failedRow(this.#template, row, reasons) : plan;
  }

  /** The values of some columns, names of other rows replaced by their ids. */
  async #resolve(row: ImportRow, keys: readonly string[], before: Row | undefined, reasons: string[]): Promise<Values> {
    const values: Record<string, unknown> = {};
    for (const key of keys) {
      const value = row.values[key];
      if (value === undefined) continue;
      const { to, type } = fieldOf(this.#resource, key);
      if (type !== 'reference' || to === undefined) {
        values[key] = value;
        continue;
      }
      const target = resourceNamed(to);
      const now = before?.[key];
      // What was exported names a row by its title alone; it still is the row it was.
      if (typeof now === 'string' && searchText((await this.#references.plainTitleOf(target, now)) ?? '') === searchText(String(value))) values[key] = now;
      else {
        const found = await this.#references.find(target, String(value));
        if ('problem' in found) reasons.push(`${importColumn(this.#template, key).heading}: ${found.problem}`);
        else values[key] = found.id;
      }
    }
    return values;
  }

  /** The row that the key names, as far as the principal may see it. */
  async #find(values: Values): Promise<Row | undefined> {
    const { uniqueTogether } = this.#resource;
    const [first] = this.#template.key;
    if (first === undefined) return undefined;
    const field = fieldOf(this.#resource, first);
    const together = field.unique === undefined && uniqueTogether !== undefined;
    const column = keyColumn(this.#resource, together ? uniqueTogether.key : first);
    const value = together ? togetherKey(this.#resource, values) : uniqueKey(field.unique ?? 'exact', String(values[first]));
    const row = value === undefined ? undefined : await this.#store.findByColumn(this.#resource, column, value);
    if (row === undefined || (this.#principal.scope !== 'all' && this.#operations.read.inScope(this.#resource, this.#principal.scope, [row.id]).length === 0)) return undefined;
    return row as unknown as Row;
  }

  async #checkUnique(values: Values, ownId: string | undefined, reasons: string[]): Promise<void> {
    for (const { key, heading, field } of this.#template.columns) {
      if (field.unique === undefined || values[key] === undefined || this.#template.key.includes(key)) continue;
      const holder = await this.#store.findByColumn(this.#resource, keyColumn(this.#resource, key), uniqueKey(field.unique, String(values[key])));
      if (holder === undefined || holder.id === ownId) continue;
      const [seen] = this.#operations.read.inScope(this.#resource, this.#principal.scope, [holder.id]);
      const { title } = this.#resource;
      const name = seen === undefined || fieldOf(this.#resource, title).type === 'reference' ? undefined : String((seen.row as unknown as Values)[title]);
      reasons.push(`${heading}: it belongs to ${name ?? `another ${this.#resource.label.one.toLowerCase()}`} already`);
    }
  }

  async #add(row: ImportRow, values: Values, reasons: string[]): Promise<PlannedRow | undefined> {
    const { form, name, label } = this.#resource;
    const mutation = `${name}.create`;
    if (form?.add === undefined || !Object.hasOwn(MUTATORS, mutation)) {
      reasons.push(`there is no ${label.one.toLowerCase()} “${titleOf(this.#template, row)}”`);
      return undefined;
    }
    for (const { key, heading, requiredToAdd } of this.#template.columns) if (requiredToAdd === true && values[key] === undefined) reasons.push(`${heading}: the cell is blank, and a new ${label.one.toLowerCase()} needs it`);
    const wanted = Object.fromEntries(form.add.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
    return { line: row.line, title: titleOf(this.#template, row), outcome: 'add', changes: await this.#changes({}, wanted), reasons: [], cells: row.cells, mutations: [{ name: mutation, args: { values: wanted } } as unknown as MutationCall], expect: [] };
  }

  async #change(row: ImportRow, before: Row, values: Values, reasons: string[]): Promise<PlannedRow | undefined> {
    const { form, name } = this.#resource;
    const mutation = `${name}.update`;
    const set: Record<string, unknown> = {};
    for (const { key, heading, field } of this.#template.columns) {
      if (values[key] === undefined || this.#template.key.includes(key) || same(values[key], before[key])) continue;
      if (field.fixed === true || form?.edit?.includes(key) !== true) reasons.push(`${heading}: it cannot be changed here`);
      else set[key] = values[key];
    }
    const changed = Object.keys(set).length > 0;
    if (changed && !Object.hasOwn(MUTATORS, mutation)) reasons.push('it cannot be changed here');
    const mutations = changed ? [{ name: mutation, args: { id: before.id, edit: { set } }, options: { basedOn: { [`${name}:${before.id}`]: before.revision } } } as unknown as MutationCall] : [];
    return { line: row.line, title: titleOf(this.#template, row), outcome: changed ? 'change' : 'same', changes: await this.#changes(before, set), reasons: [], cells: row.cells, mutations, expect: [{ resource: name, id: before.id, revision: before.revision }] };
  }

  async #changes(before: Values, after: Values): Promise<PlannedChange[]> {
    const words = async (key: string, value: unknown): Promise<string | undefined> => {
      if (value === undefined) return undefined;
      const field = fieldOf(this.#resource, key);
      if (field.to !== undefined) return (await this.#references.titleOf(resourceNamed(field.to), String(value))) ?? '';
      if (typeof value === 'boolean') return value ? 'Yes' : 'No';
      return typeof value === 'object' ? JSON.stringify(value) : (field.values?.find((one) => one.value === value)?.label ?? String(value));
    };
    return Promise.all(
      Object.keys(after).map(async (key) => {
        const from = await words(key, before[key]);
        const to = await words(key, after[key]);
        return { label: importColumn(this.#template, key).heading, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      }),
    );
  }
}

/** Plans the rows of a resource for a principal. */
export function resourcePlanner(operations: Operations, principal: Principal, resource: Resource, template: ImportTemplate): RowPlanner {
  return new ResourcePlanner(operations, principal, resource, template);
}
