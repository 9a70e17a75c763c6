import { createSamples, type Samples } from './feed.ts';
import { RuleFold } from './fold.ts';
import type { AlertPlan } from './plan.ts';
import { Track } from './track.ts';
import type { AlertInterval } from './types.ts';

/** Bits of `modes`. */
export const MODE_BIT = { offline: 1, workshop: 2, ota: 4 } as const;

/** A vehicle under watch. */
export class WatchedVehicle {
  readonly vehicleId: string;
  modelId: string;
  cityId: string | undefined;
  samples: Samples;
  /** By rule id; only where something happened. */
  readonly tracks = new Map<string, Track>();
  /** Reception of the newest message, epoch ms; NaN: never heard. */
  heardAt = Number.NaN;
  /** The newest event time of its values, epoch ms. */
  seenTo = Number.NEGATIVE_INFINITY;
  /** Of each atom of kind silent: when its parameter was heard; NaN: never. Of the vehicle as a whole `heardAt` tells. */
  heard: Float64Array;
  /** And whether it holds. */
  silent: Uint8Array;
  /** Not before this will the vehicle as a whole count as silent; Infinity: never. */
  silentFrom = Number.POSITIVE_INFINITY;
  modes = 0;
  /** By rule: from when to when alerts held that are forgotten, as one stretch. */
  readonly forgotten = new Map<string, readonly [from: number, to: number]>();
  /** Event time from which history has been asked for and not been given; Infinity: none. */
  wanted = Number.POSITIVE_INFINITY;
  /** Some track has an interval that rests on late data only. */
  lateIntervals = false;
  /** The first event time at which a delay of some track passes; Infinity: none runs. */
  deadline = Number.POSITIVE_INFINITY;

  constructor(vehicleId: string, modelId: string, cityId: string | undefined, plan: AlertPlan, rows: number) {
    this.vehicleId = vehicleId;
    this.modelId = modelId;
    this.cityId = cityId;
    this.samples = createSamples(plan, rows);
    this.heard = new Float64Array(plan.silent.length).fill(Number.NaN);
    this.silent = new Uint8Array(plan.silent.length);
  }

  /** Makes room by taking the oldest third of the rows into the folds. */
  makeRoom(): void {
    this.absorb(Math.ceil(this.samples.rows.capacity / 3));
    this.trim();
  }

  /** Forgets what no row to come can change, and gathers what is long past. */
  trim(): void {
    const time = this.samples.rows.timeOf(0);
    for (const [id, track] of this.tracks) {
      const gone = track.trim(track.rule.byReception ? track.stepped : time);
      const before = this.forgotten.get(id);
      if (gone) this.forgotten.set(id, before ? [Math.min(before[0], gone[0]), Math.max(before[1], gone[1])] : gone);
      if (track.empty) this.tracks.delete(id);
    }
  }

  /** Takes the oldest `count` rows into the folds. */
  absorb(count: number): void {
    const { plan, rows } = this.samples;
    const { words, truth } = rows;
    for (let i = 1; i <= count; i++) {
      const time = rows.timeOf(i);
      const late = rows.late[i] === 1;
      for (const track of this.tracks.values()) if (!track.rule.byReception) stepBase(track, time, truth, i * words, late);
      for (let w = 0; w < words; w++) {
        let bits = ((truth[i * words + w] as number) ^ (truth[(i - 1) * words + w] as number)) >>> 0;
        for (; bits !== 0; bits &= bits - 1) {
          const atom = w * 32 + (31 - Math.clz32(bits & -bits));
          for (let k = plan.ruleStart[atom] as number; k < (plan.ruleStart[atom + 1] as number); k++) {
            const rule = plan.rules[plan.ruleList[k] as number];
            if (!rule || rule.byReception || this.tracks.has(rule.rule.id)) continue;
            const track = new Track(this.vehicleId, rule);
            stepBase(track, time, truth, i * words, late);
            if (!track.empty) {
              track.fold = new RuleFold(rule, track.base.state);
              this.tracks.set(rule.rule.id, track);
            }
          }
        }
      }
    }
    rows.drop(count);
  }
}

function stepBase(track: Track, time: number, truth: Uint32Array, offset: number, late: boolean): void {
  track.base.step(time, truth, offset, late, (interval: AlertInterval) => void track.settled.push(interval));
}
