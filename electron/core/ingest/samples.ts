import type { z } from 'zod';
import type { intakeContract } from '#shared/contract/intake.ts';

type Sample = z.output<(typeof intakeContract)['intake.samples']['output']>['samples'][number];

interface Kept {
  readonly receivedAt: number;
  readonly topic: string;
  readonly reason: string;
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** Kept per device, and devices that have any. */
const PER_DEVICE = 10;
const DEVICES = 500;
/** Bytes kept of a payload. */
const BYTES = 256;
/** The same reason again within this is not kept, ms: a unit that sends nothing but garbage has ten samples, not ten thousand. */
const REPEAT = 1000;

/** The last rejected messages of each device; the device that was quiet for longest goes first. */
export class Samples {
  readonly #byDevice = new Map<string, Kept[]>();
  readonly #decoder = new TextDecoder();

  /** `length` where only the beginning of the message, or nothing, is at hand. */
  add(deviceId: string, topic: string, reason: string, payload: Uint8Array, receivedAt: number, length = payload.length): void {
    const kept = this.#byDevice.get(deviceId);
    const newest = kept?.[0];
    if (newest && newest.reason === reason && Math.abs(receivedAt - newest.receivedAt) < REPEAT) return;
    const sample: Kept = { receivedAt, topic: topic.slice(0, BYTES), reason, length, bytes: payload.slice(0, BYTES) };
    this.#byDevice.delete(deviceId);
    this.#byDevice.set(deviceId, [sample, ...(kept ?? []).slice(0, PER_DEVICE - 1)]);
    if (this.#byDevice.size <= DEVICES) return;
    const [oldest] = this.#byDevice.keys();
    if (oldest !== undefined) this.#byDevice.delete(oldest);
  }

  /** Newest first, as the intake page shows them. */
  of(deviceId: string): Sample[] {
    return (this.#byDevice.get(deviceId) ?? []).map(({ receivedAt, topic, reason, length, bytes }) => ({
      receivedAt,
      topic,
      reason,
      bytes: length,
      hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      // Control characters would disturb the page that shows it.
      text: this.#decoder.decode(bytes).replaceAll(/[\p{Cc}\uFFFD]/gu, '·'),
    }));
  }
}
