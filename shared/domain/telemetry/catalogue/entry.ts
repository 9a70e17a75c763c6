/** Units of the vehicle that own a value; the order is the order of groups on pages. */
export const PARAMETER_GROUPS = ['VCU', 'BMS', 'MCU', 'Charger', 'Other'] as const;
export type ParameterGroup = (typeof PARAMETER_GROUPS)[number];

/** `number`: measured; `state`: one of `choices`; `flag`: 0 or 1; `text`: no number at all. */
export type ParameterKind = 'number' | 'state' | 'flag' | 'text';

/** One parameter of the console: what pages, alert rules and reports name instead of DBC signals. */
export interface ParameterEntry {
  /** 1–65535, stable for ever: records on disk name parameters by it. 0 means "no parameter". */
  readonly number: number;
  /** Short name in `sig` messages, rules and exports; letters and digits, camel case. */
  readonly key: string;
  readonly label: string;
  /** Unit of measure as shown; empty where there is none. */
  readonly unit: string;
  readonly group: ParameterGroup;
  readonly kind: ParameterKind;
  /** Decimals shown. */
  readonly decimals: number;
  /** Normal range: a value outside is marked. A vehicle model may narrow it. */
  readonly min?: number;
  readonly max?: number;
  /** A change up to this much need not be stored before the period ends; 0: every change is stored. */
  readonly deadBand: number;
  /** Longest time between two stored values while values arrive, ms. */
  readonly storagePeriod: number;
  /** Words for the values of a state or flag. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Path in the COVESA Vehicle Signal Specification 4, where one exists. */
  readonly vss?: string;
  /** Other names under which units send it in `sig`. */
  readonly aliases?: readonly string[];
  /** Physically possible values, both ends included; anything else is a missing value. */
  readonly limits?: readonly [number, number];
  /** Values that mean "not available" where the unit has no other way to say so. */
  readonly notAvailable?: readonly number[];
  /** True where a working vehicle never reports 0: zeros all over such values are a unit that is not up yet. */
  readonly neverZero?: boolean;
}

/** Numbers below are the console's own; an installation's DBC files add parameters from here on. */
export const FIRST_ADDITIONAL_NUMBER = 4096;
export const LAST_NUMBER = 65_535;

/** What a parameter key looks like. */
export const PARAMETER_KEY_PATTERN = /^[A-Za-z][A-Za-z0-9]{0,63}$/;
