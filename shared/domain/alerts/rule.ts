import { z } from 'zod';

/** Tabs of the alert page, in their order. */
export const ALERT_TABS = ['smart', 'bms', 'mcu', 'charger', 'vcu'] as const;
export type AlertTab = (typeof ALERT_TABS)[number];

/** Severities, worst first. */
export const ALERT_SEVERITIES = ['critical', 'high', 'low'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

export const COMPARISONS = ['>', '>=', '<', '<=', '=', '!='] as const;
export type Comparison = (typeof COMPARISONS)[number];

const parameterKey = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'The key of a parameter of the catalogue.');
const seconds = z.number().min(0).max(30 * 24 * 3600);

/** A value of the vehicle against a limit. Once true it stays true until the value has come back by the dead-band. */
const compare = z.strictObject({ kind: z.literal('compare'), parameter: parameterKey, op: z.enum(COMPARISONS), value: z.number(), deadBand: z.number().min(0).optional() });
/** How fast a value changes: its least-squares slope per minute over the last `window` s of event time. */
const rate = z.strictObject({ kind: z.literal('rate'), parameter: parameterKey, op: z.enum(['>=', '<=']), perMinute: z.number(), window: seconds.min(1) });
/** Nothing heard of a parameter, or of the vehicle where none is named, for `after` s of receive time. */
const noData = z.strictObject({ kind: z.literal('no-data'), parameter: parameterKey.optional(), after: seconds.min(1) });
/** The vehicle was moved by more than `metres` while its ignition was off and its wheels stood still. */
const moved = z.strictObject({ kind: z.literal('moved'), metres: z.number().min(10).max(100_000) });

export interface AllOf { readonly kind: 'all'; readonly of: readonly AlertCondition[] }
export interface AnyOf { readonly kind: 'any'; readonly of: readonly AlertCondition[] }
/** The condition became true at least `count` times within `within` s of event time. */
export interface Repeat { readonly kind: 'repeat'; readonly condition: AlertCondition; readonly count: number; readonly within: number }
export type AlertCondition = z.infer<typeof compare> | z.infer<typeof rate> | z.infer<typeof noData> | z.infer<typeof moved> | AllOf | AnyOf | Repeat;

/** What must hold for an alert. A parameter that has no value makes its part false, never true. */
export const alertCondition: z.ZodType<AlertCondition, AlertCondition> = z.lazy(() =>
  z.union([
    compare,
    rate,
    noData,
    moved,
    z.strictObject({ kind: z.literal('all'), of: z.array(alertCondition).min(1).max(20) }),
    z.strictObject({ kind: z.literal('any'), of: z.array(alertCondition).min(1).max(20) }),
    z.strictObject({ kind: z.literal('repeat'), condition: alertCondition, count: z.number().int().min(2).max(1000), within: seconds.min(1) }),
  ]),
);

/**
 * What mutes a rule. `sensor`: frozen while the vehicle is Offline, muted in workshop mode and during an OTA install, and, for
 * BMS values, while the BMS bus is lost. `communication`: gathered into one network alert when a fifth of a city falls silent.
 * `none`: never muted (thermal criticals).
 */
export const ALERT_INHIBITIONS = ['sensor', 'communication', 'none'] as const;
export type AlertInhibition = (typeof ALERT_INHIBITIONS)[number];

/** What a person sets of a rule (docs/domain.md, Alerts). Durations in seconds. */
export const alertRuleValues = z.strictObject({
  name: z.string().trim().min(1).max(80),
  tab: z.enum(ALERT_TABS),
  severity: z.enum(ALERT_SEVERITIES),
  /** Vehicle models it belongs to; empty: every model. */
  modelIds: z.array(z.string()).max(200),
  condition: alertCondition,
  /** The condition must hold this long before the alert rises, s of event time. */
  onDelay: seconds,
  /** And be gone this long before it counts as returned to normal, s of event time. */
  offDelay: seconds,
  /** Stays until a person clears it, also where its severity is Low. */
  latched: z.boolean(),
  inhibition: z.enum(ALERT_INHIBITIONS),
  /** May be shelved; false for thermal criticals. */
  shelvable: z.boolean(),
  /** What to do about it, for the person who sees it. */
  action: z.string().trim().max(500),
  /** The parameter its graph shows. */
  graphParameter: parameterKey.optional(),
  /** Parameters whose values are kept with the alert as additional insights. */
  insightParameters: z.array(parameterKey).max(20),
  /** Customers whose users do not see alerts of this rule. */
  hiddenFromCustomerIds: z.array(z.string()).max(1000),
  enabled: z.boolean(),
});
export type AlertRuleValues = z.infer<typeof alertRuleValues>;

/** A rule as the engine takes it. `version` grows with every change of its values. */
export interface AlertRule extends AlertRuleValues {
  readonly id: string;
  readonly version: number;
}

/**
 * States of an alert by ISA-18.2: active or returned to normal, acknowledged or not; cleared ends it. Shelved and suppressed
 * are properties beside the state.
 */
export const ALERT_STATES = ['active', 'active-acknowledged', 'returned', 'returned-acknowledged', 'cleared'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What muted an alert that was recorded without a call for attention. */
export const ALERT_MUTES = ['offline', 'bms-bus-lost', 'network', 'workshop', 'ota', 'late'] as const;
export type AlertMute = (typeof ALERT_MUTES)[number];

/** For how long an alert can be shelved, ms. */
export const SHELF_TIMES = { '30m': 30 * 60_000, '2h': 2 * 3_600_000, '8h': 8 * 3_600_000 } as const;
export type ShelfTime = keyof typeof SHELF_TIMES;
