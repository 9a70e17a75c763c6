import { FUTURE_LIMIT, HostClock } from '#shared/domain/telemetry/clock/index.ts';
import type { Clock } from '#shared/kernel/ports.ts';

/** The computer's clock was set (or the computer slept) when it moved this much more or less than time has passed, ms. */
const SET = 60_000;
/** After a clock went back, units have this long to say that it is wrong now, ms. */
const DOUBT = 30_000;
/** The units' clocks are judged this often, ms, by at most so many messages of the time between. */
const JUDGE_PERIOD = 1000;
const JUDGED_MESSAGES = 32;

/**
 * The clock by which messages are received: the computer's, put right where most units agree that it is off by minutes or days. It
 * tells when time has gone back for good, because what was stamped before would then stand in the way of everything newer.
 */
export class ReceptionClock implements Clock {
  readonly #computer: Clock;
  #units = new HostClock();
  #offset = 0;
  #wall: number;
  #monotonic: number;
  #judgedAt = Number.NEGATIVE_INFINITY;
  /** Whether enough units were heard when the offset was found. */
  #judged = false;
  #left = JUDGED_MESSAGES;
  #doubtUntil: number;
  #newest: number;

  /** `newest`: the greatest time of reception known from before, epoch ms; −Infinity: none. */
  constructor(computer: Clock, newest: number) {
    this.#computer = computer;
    this.#wall = computer.now();
    this.#monotonic = computer.monotonic();
    this.#doubtUntil = this.#monotonic + DOUBT;
    this.#newest = Math.max(newest, this.#wall);
  }

  now(): number {
    return this.#computer.now() + this.#offset;
  }

  monotonic(): number {
    return this.#computer.monotonic();
  }

  /** Milliseconds that are added to the computer's clock; positive where that is behind. */
  get offset(): number {
    return this.#offset;
  }

  /** Notes a live message: its stamp and its time of reception by this clock, epoch ms. */
  observe(unit: string, deviceTime: number, receivedAt: number): void {
    if (this.#left === 0) return;
    this.#left--;
    this.#units.observe(unit, deviceTime, receivedAt - this.#offset);
  }

  /** To be called a few times a second. An instant (epoch ms) after which nothing can have happened, where time has gone back; else undefined. */
  check(): number | undefined {
    const wall = this.#computer.now();
    const monotonic = this.#computer.monotonic();
    if (Math.abs(wall - this.#wall - (monotonic - this.#monotonic)) > SET) {
      this.#units = new HostClock();
      this.#offset = 0;
      this.#judged = false;
      this.#left = JUDGED_MESSAGES;
      this.#judgedAt = monotonic;
      this.#doubtUntil = monotonic + DOUBT;
    } else if (monotonic - this.#judgedAt >= JUDGE_PERIOD) {
      this.#offset = this.#units.offset;
      this.#judged = this.#units.judges;
      this.#left = JUDGED_MESSAGES;
      this.#judgedAt = monotonic;
    }
    this.#wall = wall;
    this.#monotonic = monotonic;
    const now = wall + this.#offset;
    if (now >= this.#newest - SET) {
      this.#newest = Math.max(this.#newest, now);
      return undefined;
    }
    if (!this.#judged && monotonic < this.#doubtUntil) return undefined;
    this.#newest = now;
    return now + FUTURE_LIMIT;
  }
}
