import { inScope, type Principal } from '#shared/domain/access/principal.ts';
import { keyColumn } from '#shared/resources/columns.ts';
import { customer } from '#shared/resources/customer.ts';
import { fieldOf, type Fields, type Resource, type RowOf } from '#shared/resources/define-resource.ts';
import { groupMember } from '#shared/resources/group-member.ts';
import type { ImportRow } from '#shared/resources/import-cells.ts';
import { SALES_DATA_OF_PRODUCT, SALES_DATA_OF_SALE, SALES_DATA_UPDATE } from '#shared/resources/import-sales-data.ts';
import { importColumn } from '#shared/resources/import-template.ts';
import { location } from '#shared/resources/location.ts';
import { uniqueKey } from '#shared/resources/normalise.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import type { RowStore } from '#shared/sync/tx.ts';
import type { MutationCall, Operations } from '../store/operations/operations.ts';
import { SqliteRowStore } from '#shared/store/row-store.ts';
import { customersInScope, NameBook } from './names.ts';
import { failedRow, titleOf, type PlannedChange, type PlannedRow, type RowPlanner } from './planned.ts';

type Values = Readonly<Record<string, unknown>>;

function unique<F extends Fields>(store: RowStore, resource: Resource<F>, key: string, value: string): Promise<RowOf<F> | undefined> {
  return store.findByColumn(resource, keyColumn(resource, key), uniqueKey(fieldOf(resource, key).unique ?? 'exact', value));
}

/** The members of `wanted` that the row does not have yet. */
function differing(row: object, wanted: Values, keys: readonly string[]): Values {
  return Object.fromEntries(keys.filter((key) => wanted[key] !== undefined && wanted[key] !== (row as Values)[key]).map((key) => [key, wanted[key]]));
}

/** Books of the names that a Sales Data Update may use, as this principal sees them. */
export function salesDataNames(operations: Operations, principal: Principal): { readonly customerId: NameBook; readonly locationId: NameBook } {
  return {
    customerId: new NameBook(customer, customersInScope(operations.read.all(customer), principal.scope)),
    locationId: new NameBook(location, operations.read.all(location), ['district', 'state', 'country']),
  };
}

/** Plans "Sales Data Update": a record is carried out whole or not at all; another customer's vehicle is as one that does not exist. */
export function salesDataPlanner(operations: Operations, principal: Principal): RowPlanner {
  const template = SALES_DATA_UPDATE;
  const store = new SqliteRowStore(operations.read.database);
  const books = salesDataNames(operations, principal);
  const bookOf = (key: string): NameBook | undefined => (key === 'customerId' || key === 'locationId' ? books[key] : undefined);

  function references(row: ImportRow, reasons: string[]): Values {
    const values: Record<string, unknown> = { ...row.values };
    for (const key of ['customerId', 'locationId']) {
      const name = row.values[key];
      if (typeof name !== 'string') continue;
      const found = bookOf(key)?.find(name);
      if (found === undefined || 'problem' in found) reasons.push(`${importColumn(template, key).heading}: ${found?.problem ?? 'not found'}`);
      else values[key] = found.id;
    }
    return values;
  }

  async function checkPhone(saleId: string, values: Values, reasons: string[]): Promise<void> {
    if (values['phone'] === undefined) return;
    const phone = String(values['phone']);
    const member = await unique(store, groupMember, 'phone', phone);
    const holder = (await unique(store, sale, 'phone', phone)) ?? (member === undefined ? undefined : await store.findByColumn(sale, 'product_id', member.productId));
    if (holder === undefined || holder.id === saleId) return;
    const vehicle = inScope(principal.scope, holder.customerId) ? await store.get(product, holder.productId) : undefined;
    reasons.push(`${importColumn(template, 'phone').heading}: it belongs to ${vehicle === undefined ? 'another vehicle' : `VIN ${vehicle.vin}`} already`);
  }

  const words = (key: string, value: unknown): string | undefined => (value === undefined ? undefined : (bookOf(key)?.nameOf(String(value)) ?? String(value)));

  function changes(before: object, after: Values): PlannedChange[] {
    return Object.keys(after).map((key) => {
      const from = words(key, (before as Values)[key]);
      const to = words(key, after[key]);
      return { label: importColumn(template, key).heading, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    });
  }

  return {
    async plan(row): Promise<PlannedRow> {
      const reasons = [...row.problems];
      const vin = row.values['vin'];
      const telematicsId = row.values['telematicsId'];
      if (typeof vin !== 'string' || typeof telematicsId !== 'string') return failedRow(template, row, reasons);
      const vehicle = await unique(store, product, 'vin', vin);
      const sold = vehicle === undefined ? undefined : await store.findByColumn(sale, 'product_id', vehicle.id);
      if (vehicle === undefined || sold === undefined || !inScope(principal.scope, sold.customerId)) return failedRow(template, row, [...reasons, `VIN No: there is no vehicle ${vin}`]);
      if (uniqueKey('identifier', vehicle.telematicsId) !== uniqueKey('identifier', telematicsId)) return failedRow(template, row, [...reasons, `VCU ID: ${telematicsId} does not belong to ${vehicle.vin}, which has ${vehicle.telematicsId}`]);
      const values = references(row, reasons);
      await checkPhone(sold.id, values, reasons);
      if (reasons.length > 0) return failedRow(template, row, reasons);

      const ofProduct = differing(vehicle, values, SALES_DATA_OF_PRODUCT);
      const ofSale = differing(sold, values, SALES_DATA_OF_SALE);
      const mutations: MutationCall[] = [];
      if (Object.keys(ofProduct).length > 0) mutations.push({ name: 'product.update', args: { id: vehicle.id, edit: { set: ofProduct } } });
      if (Object.keys(ofSale).length > 0) mutations.push({ name: 'sale.update', args: { id: sold.id, edit: { set: ofSale } } });
      return {
        line: row.line,
        title: titleOf(template, row),
        outcome: mutations.length === 0 ? 'same' : 'change',
        changes: [...changes(vehicle, ofProduct), ...changes(sold, ofSale)],
        reasons: [],
        cells: row.cells,
        mutations,
        expect: [{ resource: 'product', id: vehicle.id, revision: vehicle.revision }, { resource: 'sale', id: sold.id, revision: sold.revision }],
      };
    },
  };
}
