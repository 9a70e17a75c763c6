import type { ParameterCatalogue } from '../telemetry/catalogue/index.ts';
import type { DecodedMessage } from '../telemetry/processor/decoded-message.ts';
import type { KnownAlerts } from './rederive.ts';
import type { AlertRule } from './rule.ts';
import type { AlertAct, AlertEffect, AlertRecord, HistoryRow } from './types.ts';

export interface AlertEngineOptions {
  readonly catalogue: ParameterCatalogue;
  /** Rows of a vehicle within which late ones are put in order at once; older ones ask for history. Default 48. */
  readonly rows?: number;
  /** On- and off-delays that pass without a new message do so this much after their time, ms, for messages on their way. Default 2,000. */
  readonly settle?: number;
}

/** What of the master data the engine needs of a vehicle. */
export interface AlertVehicle {
  readonly vehicleId: string;
  readonly modelId: string;
  /** Of the sale; vehicles without one belong to no network alert. */
  readonly cityId?: string;
}

/** `offline`: by the vehicle's status; `workshop`, `ota`: set by people and by the OTA service. */
export const ALERT_MODES = ['offline', 'workshop', 'ota'] as const;
export type AlertMode = (typeof ALERT_MODES)[number];

/** What became of a person's act: the act as it is to be kept, or why it is refused. */
export type ActOutcome = { readonly act: AlertAct; readonly effects: readonly AlertEffect[] } | { readonly refusal: string };

/** The engine's state at one moment, written a few vehicles at a time while the engine goes on. */
export interface AlertSnapshot {
  /** Writes up to `count` vehicles more; returns whether all are written. */
  step(count: number): boolean;
  /** All of it; writes what is left. */
  bytes(): Uint8Array;
}

/**
 * Watches the fleet. Effects are to be stored together with how far the telemetry log was applied; lists of effects are valid until
 * the next call. All calls are synchronous; the state is `takeSnapshot`.
 */
export interface AlertEngineApi {
  /**
   * The rules from now on. Alerts of rules that are gone or disabled are cleared. `last` gives the last value of a parameter (NaN:
   * none), so that a new condition need not wait for the next message.
   */
  setRules(rules: readonly AlertRule[], now: number, last?: (vehicleId: string, parameter: number) => number): readonly AlertEffect[];
  /** Makes a vehicle known, or moves it to another model or city; returns its slot. */
  setVehicle(vehicle: AlertVehicle, now: number): number;
  /** Forgets a vehicle; its open alerts are cleared. */
  removeVehicle(vehicleId: string, now: number): readonly AlertEffect[];
  slotOf(vehicleId: string): number | undefined;
  /** Every vehicle it knows. */
  vehicleIds(): readonly string[];
  /** Takes a message of the vehicle's unit; duplicates, retained copies and values without a believable time change nothing. */
  apply(slot: number, message: DecodedMessage): readonly AlertEffect[];
  /** The last `apply` changed a condition: the values it brought are to be stored whole. */
  readonly edge: boolean;
  /** Vehicle was heard at `time` (epoch ms), outside any message: known from the last start. */
  contact(slot: number, time: number): void;
  /** Lets time pass: delays, silence, shelves. `asOf` as the fleet's: now while the receiver is connected, else the last contact. */
  advance(asOf: number): readonly AlertEffect[];
  /** The receiver is connected again: silence counts from `now` on for vehicles that were not silent before. */
  resume(now: number): void;
  setMode(slot: number, mode: AlertMode, on: boolean, now: number): readonly AlertEffect[];
  /** What a person does to the open alert of a rule on a vehicle. On replay give the act as it was kept. */
  act(vehicleId: string, ruleId: string, act: AlertAct, replay?: boolean): ActOutcome;
  /** Why a clear without force would be refused now; undefined: it would not. */
  clearRefusal(vehicleId: string, ruleId: string): string | undefined;
  /**
   * Answers a `history` effect: the vehicle's rows from `from` to now, ascending by time, then sequence, with its last value of each
   * parameter before `from` ahead of them. `known`: what is stored of its alerts that were open at `from` or later, and all acts on
   * them.
   */
  rederive(slot: number, from: number, rows: Iterable<HistoryRow>, now: number, known?: KnownAlerts): readonly AlertEffect[];
  /** Alerts in memory that are not cleared. */
  open(): readonly AlertRecord[];
  takeSnapshot(): Uint8Array;
  /** Begins to write the state as it is now. One at a time: an older one that is not complete is worth nothing then. */
  beginSnapshot(): AlertSnapshot;
  /**
   * Restores into an engine that has its rules and no vehicles. False: it cannot be read, and nothing has changed. Vehicles without
   * alerts are read when they are asked for, or by `wake`; until then time alone does not make them silent.
   */
  restoreSnapshot(bytes: Uint8Array): boolean;
  /** Reads up to `count` more vehicles of a snapshot; returns whether all have been read. */
  wake(count: number): boolean;
}
