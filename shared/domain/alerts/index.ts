export * from './rule.ts';
export * from './types.ts';
export { ALERT_MODES, type ActOutcome, type AlertEngineApi, type AlertEngineOptions, type AlertMode, type AlertVehicle } from './api.ts';
export { compilePlan, compileRule, type AlertPlan, type CompiledRule } from './plan.ts';
export { AlertEngine } from './engine.ts';
export type { KnownAlerts } from './rederive.ts';
export { alertIdOf } from './track.ts';
export { NETWORK_RULE_ID, cityOfNetworkAlert, networkVehicleId } from './network-rule.ts';
