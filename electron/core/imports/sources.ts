import { CONTRACT_RESOURCES } from '#shared/contract/resources.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import { isImportable, resourceTemplate } from '#shared/resources/import-resource.ts';
import { SALES_DATA_UPDATE } from '#shared/resources/import-sales-data.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import type { Operations } from '../store/operations/operations.ts';
import { SqliteRowStore } from '#shared/store/row-store.ts';
import type { ImportSource } from './preview.ts';
import { ReferenceFinder } from './reference-finder.ts';
import { resourcePlanner } from './resource-planner.ts';
import { salesDataNames, salesDataPlanner } from './sales-data-planner.ts';

function salesData(operations: Operations): ImportSource {
  return {
    template: SALES_DATA_UPDATE,
    lists(principal) {
      const { customerId, locationId } = salesDataNames(operations, principal);
      return new Map([['customerId', customerId.names], ['locationId', locationId.names]]);
    },
    planner: (principal) => salesDataPlanner(operations, principal),
  };
}

function ofResource(operations: Operations, resource: Resource): ImportSource {
  const template = resourceTemplate(resource);
  return {
    template,
    lists(principal: Principal) {
      const finder = new ReferenceFinder(operations, new SqliteRowStore(operations.read.database), principal);
      return new Map(template.columns.flatMap(({ key, field }) => (field.to === undefined ? [] : [[key, finder.names(resourceNamed(field.to)) ?? []] as const])));
    },
    planner: (principal) => resourcePlanner(operations, principal, resource, template),
  };
}

/** Every template that can be uploaded: the portal's own, and one for each resource that people write. */
export function importSources(operations: Operations): readonly ImportSource[] {
  return [salesData(operations), ...CONTRACT_RESOURCES.filter(isImportable).map((resource) => ofResource(operations, resource))];
}
