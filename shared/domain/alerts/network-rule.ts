import { uuidv5 } from '../../kernel/ids.ts';
import type { CompiledRule } from './plan.ts';
import type { AlertRule } from './rule.ts';

/** Id of the rule under which the engine raises the alert that a city fell silent. */
export const NETWORK_RULE_ID = uuidv5('alert-rule:city-network');
const PREFIX = 'city:';

/** The `vehicleId` of a city's network alert. */
export function networkVehicleId(cityId: string): string {
  return PREFIX + cityId;
}

/** The city of a network alert's `vehicleId`; undefined for a vehicle. */
export function cityOfNetworkAlert(vehicleId: string): string | undefined {
  return vehicleId.startsWith(PREFIX) ? vehicleId.slice(PREFIX.length) : undefined;
}

/** The rule as one whose only atom the engine sets itself. */
export function compileNetworkRule(rule: AlertRule): CompiledRule {
  return { rule, tree: { kind: 'atom', atom: 0 }, mask: Uint32Array.of(1), byReception: true, onDelay: 0, offDelay: 0, selfClearing: rule.severity === 'low' && !rule.latched, repeats: 0, reach: 0 };
}
