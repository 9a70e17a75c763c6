import { SALES_DATA_UPDATE } from '#shared/resources/import-sales-data.ts';
import type { Operations } from '../store/operations/operations.ts';
import type { ImportSource } from './preview.ts';
import { salesDataNames, salesDataPlanner } from './sales-data-planner.ts';

/** Every template that can be uploaded. */
export function importSources(operations: Operations): readonly ImportSource[] {
  return [
    {
      template: SALES_DATA_UPDATE,
      lists(principal) {
        const { customerId, locationId } = salesDataNames(operations, principal);
        return new Map([['customerId', customerId.names], ['locationId', locationId.names]]);
      },
      planner: (principal) => salesDataPlanner(operations, principal),
    },
  ];
}
