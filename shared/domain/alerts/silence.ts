import type { DecodedMessage } from '../telemetry/processor/decoded-message.ts';
import type { CompiledRule } from './plan.ts';
import type { WatchedVehicle } from './vehicle.ts';

/**
 * Tells when a vehicle, or one of its parameters, has been silent for long enough: by time of reception, so alone of all conditions it
 * depends on when messages came. `judge` is called for every rule whose silence begins or ends (`at`, epoch ms).
 */
export class SilenceWatch {
  readonly #judge: (vehicle: WatchedVehicle, rule: CompiledRule, at: number, now: number) => void;
  #resumed = Number.NEGATIVE_INFINITY;

  constructor(judge: (vehicle: WatchedVehicle, rule: CompiledRule, at: number, now: number) => void) {
    this.#judge = judge;
  }

  /** Nothing was received before `now`: silence counts from here. */
  resume(now: number): void {
    this.#resumed = now;
  }

  /** A message of the vehicle was received at `time`. */
  hear(vehicle: WatchedVehicle, time: number, message: DecodedMessage): void {
    const { silentParameter, silentLimit, silentPlace } = vehicle.samples.plan;
    const before = vehicle.heardAt;
    if (!(before >= time)) vehicle.heardAt = time;
    let changed = Number.isNaN(before);
    for (let k = 0; k < silentParameter.length; k++) {
      const parameter = silentParameter[k] as number;
      const limit = silentLimit[k] as number;
      const silent = vehicle.silent[k] === 1;
      const carried = parameter === 0 || carries(message, parameter, silentPlace, k);
      if (silent && carried) {
        this.#set(vehicle, k, false, time, time);
        changed = true;
      } else if (!silent && parameter === 0) {
        // It may have begun and ended between two calls of `advance`.
        const at = Math.max(before, this.#resumed) + limit;
        if (at <= time) {
          this.#set(vehicle, k, true, at, time);
          this.#set(vehicle, k, false, time, time);
          changed = true;
        }
      } else if (!silent && !carried) {
        // A pause of the whole vehicle is not the silence of one parameter.
        if (time - before >= limit) vehicle.heard[k] = Math.max(vehicle.heard[k] as number, time);
        const at = Math.max(vehicle.heard[k] as number, this.#resumed) + limit;
        if (at <= time) this.#set(vehicle, k, true, at, time);
      }
      if (carried && parameter !== 0) vehicle.heard[k] = Number.isNaN(vehicle.heard[k]) ? time : Math.max(vehicle.heard[k] as number, time);
    }
    if (changed) this.plan(vehicle);
  }

  /** Time alone has come to `asOf`. */
  fall(vehicle: WatchedVehicle, asOf: number): void {
    const { silentParameter, silentLimit } = vehicle.samples.plan;
    const heard = Math.max(vehicle.heardAt, this.#resumed);
    for (let k = 0; k < silentParameter.length; k++) {
      const at = heard + (silentLimit[k] as number);
      if (silentParameter[k] === 0 && vehicle.silent[k] === 0 && at <= asOf) this.#set(vehicle, k, true, at, asOf);
    }
    this.plan(vehicle);
  }

  /** When the vehicle as a whole will have been silent for long enough; silence of one parameter counts only while others come. */
  plan(vehicle: WatchedVehicle): void {
    const { silentParameter, silentLimit } = vehicle.samples.plan;
    const { heardAt } = vehicle;
    let next = Number.POSITIVE_INFINITY;
    for (let k = 0; k < silentParameter.length; k++) {
      if (silentParameter[k] === 0 && vehicle.silent[k] === 0 && heardAt === heardAt) next = Math.min(next, Math.max(heardAt, this.#resumed) + (silentLimit[k] as number));
    }
    vehicle.silentFrom = next;
  }

  #set(vehicle: WatchedVehicle, k: number, on: boolean, at: number, now: number): void {
    const { plan } = vehicle.samples;
    vehicle.silent[k] = on ? 1 : 0;
    const atom = plan.silent[k] as number;
    for (let i = plan.ruleStart[atom] as number; i < (plan.ruleStart[atom + 1] as number); i++) this.#judge(vehicle, plan.rules[plan.ruleList[i] as number] as CompiledRule, at, now);
  }
}

/** Whether a message has a value of a parameter. Messages of a vehicle are alike: it is looked for where it was before. */
function carries(message: DecodedMessage, parameter: number, places: Uint16Array, k: number): boolean {
  const before = places[k] as number;
  if (before < message.count && message.parameters[before] === parameter) return true;
  for (let i = 0; i < message.count; i++) {
    if (message.parameters[i] !== parameter) continue;
    places[k] = i;
    return true;
  }
  return false;
}
