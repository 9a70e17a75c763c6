import type { DemoFault } from '#shared/contract/demo.ts';
import { ALARMS, CHARGER_FAULTS, MCU_FAULTS, VCU_FAULTS } from './faults.ts';

/** What somebody put into a vehicle for a demonstration; instants in epoch ms of the simulation. */
export interface Injection {
  /** Values that stand in for what the vehicle would measure, by parameter key. */
  readonly values: Map<string, number>;
  /** When each of these values ends. */
  readonly ends: Map<string, number>;
  /** Until then the unit breaks every other message of its bus. */
  brokenUntil: number;
  /** Messages of the bus since they break. */
  broken: number;
  /** Until then the unit reports as on the road and has a network: what returns to normal is heard too. */
  heardUntil: number;
}

export interface Fault {
  readonly values: Readonly<Record<string, number>>;
  readonly breaksMessages?: boolean;
}

/** A unit is heard this long after its last fault has ended, ms: off-delays of a minute pass in it. */
export const HEARD_AFTER = 90_000;

/** What a fault makes a vehicle's units say; undefined where it is the network that fails. */
const FAULTS: Readonly<Record<DemoFault, Fault | undefined>> = {
  'cell-over-temperature': { values: { batteryTempMax: 63, batteryTemp1: 63, batteryTempSpread: 14, alarmBatteryOverTemp: 1 } },
  'thermal-runaway': { values: { batteryTempMax: 92, batteryTemp1: 92, batteryTempSpread: 40, alarmBatteryOverTemp: 1, alarmThermalRunaway: 1, vcuFaultThermalWarning: 1 } },
  'low-soc': { values: { soc: 4, range: 3 } },
  'over-speed': { values: { ignition: 1, speed: 104, motorRpm: 7200, gear: 1 } },
  'mcu-fault': { values: { mcuFaultOverTemp: 1, controllerTemp: 97 } },
  'network-lost': undefined,
  'cell-imbalance': { values: { cellVoltageSpread: 185, alarmCellImbalance: 1 } },
  'broken-messages': { values: {}, breaksMessages: true },
};

export function faultOf(fault: DemoFault): Fault | undefined {
  return FAULTS[fault];
}

/** The injection with one more fault in it, from `now` for `duration` ms; a value that is there already ends with the later of the two. */
export function withFault(injection: Injection | undefined, fault: Fault, now: number, duration: number): Injection {
  const until = now + duration;
  const all: Injection = injection ?? { values: new Map(), ends: new Map(), brokenUntil: 0, broken: 0, heardUntil: 0 };
  for (const [key, value] of Object.entries(fault.values)) {
    all.values.set(key, value);
    all.ends.set(key, Math.max(until, all.ends.get(key) ?? 0));
  }
  if (fault.breaksMessages) all.brokenUntil = Math.max(all.brokenUntil, until);
  all.heardUntil = Math.max(all.heardUntil, until + HEARD_AFTER);
  return all;
}

/** Takes out what has ended; undefined where nothing is left and the unit need no longer be heard. */
export function expired(injection: Injection, now: number): Injection | undefined {
  for (const [key, end] of injection.ends) {
    if (end > now) continue;
    injection.ends.delete(key);
    injection.values.delete(key);
  }
  return now < injection.heardUntil ? injection : undefined;
}

/** Takes every fault out at `now`; the unit is heard for a while. */
export function withoutFaults(injection: Injection, now: number): void {
  injection.values.clear();
  injection.ends.clear();
  injection.brokenUntil = now;
  injection.heardUntil = now + HEARD_AFTER;
}

/** When the next part of an injection ends after `now`, epoch ms. */
export function nextEnd(injection: Injection, now: number): number {
  let next = injection.heardUntil;
  for (const end of injection.ends.values()) if (end > now && end < next) next = end;
  return next;
}

/** Alarm and fault bits that a flood raises, one alert each where a rule looks at each; the ones that stop a vehicle's bus last. */
export const FLOOD_BITS: readonly string[] = [...ALARMS, ...MCU_FAULTS, ...CHARGER_FAULTS, ...VCU_FAULTS].filter((key) => key !== 'alarmThermalRunaway' && key !== 'vcuFaultBmsLost');
