import { fieldOf } from './define-resource.ts';
import type { ImportColumn, ImportTemplate } from './import-template.ts';
import { product } from './product.ts';
import { sale } from './sale.ts';

const nameIn = (resource: typeof product | typeof sale, key: string): string => {
  const heading = resource.exchange?.[key];
  if (heading === undefined) throw new Error(`${resource.name} has no exchange column ${key}`);
  return heading;
};

const ofProduct = (key: string, required = false): ImportColumn => ({ key, heading: nameIn(product, key), field: fieldOf(product, key), required });
const ofSale = (key: string, heading: string): ImportColumn => ({ key, heading: nameIn(sale, heading), field: fieldOf(sale, key) });

/** "Sales Data Update" of the portal: one record changes a vehicle and its sale, found by VIN and VCU ID together. */
export const SALES_DATA_UPDATE: ImportTemplate = {
  name: 'sales-data-update',
  title: 'Sales Data Update',
  columns: [
    ofProduct('vin', true),
    ofProduct('telematicsId', true),
    ofProduct('registration'),
    ofSale('productStatus', 'productStatus'),
    ofSale('locationId', 'city'),
    ofSale('customerId', 'customer'),
    ofSale('userName', 'userName'),
    ofSale('phone', 'phone'),
  ],
  key: ['vin', 'telematicsId'],
  distinct: ['vin'],
  samples: [
    { vin: 'SAMPLE-VIN-0001', telematicsId: 'SAMPLE-VCU-0001', registration: 'KA 01 AB 1234', productStatus: 'Sold', locationId: 'Bengaluru', customerId: 'Sample customer', userName: 'Asha Rao', phone: '+91 98450 00001' },
    { vin: 'SAMPLE-VIN-0002', telematicsId: 'SAMPLE-VCU-0002', productStatus: 'In Stock' },
  ],
  permission: 'admin.write',
};

/** Columns of the template that belong to the product; the others belong to the sale. */
export const SALES_DATA_OF_PRODUCT: readonly string[] = ['registration'];
export const SALES_DATA_OF_SALE: readonly string[] = ['productStatus', 'locationId', 'customerId', 'userName', 'phone'];
