import type { Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import { BOOT_AT, deviceOf, pointBatches, SEQUENCE_AT, UNITS } from './pipeline-traffic.ts';

/** QoS 1 messages on the way at once. */
const WINDOW = 20_000;
/** Distinct messages in memory; they are sent again with the next boot number. */
const CANNED = 60_000;
const CHUNK = 500;

export interface CannedStream {
  /** Another so many acknowledgements have come. */
  acknowledged(count: number): void;
}

/** PUBLISH packets that lie ready in memory, written to a socket as fast as TCP and (QoS 1) the window let them. */
export function createCanned(qos: 0 | 1): { stream(socket: Socket, total: number): CannedStream } {
  const { payloads } = pointBatches(500);
  const parts: Buffer[] = [];
  const payloadAt = new Uint32Array(CANNED);
  const ends = new Uint32Array(CANNED);
  let size = 0;
  for (let i = 0; i < CANNED; i++) {
    // Another payload for a unit each time: 500 and 1000 have divisors in common.
    const payload = Buffer.from(payloads[(i + Math.floor(i / UNITS)) % payloads.length] as Uint8Array);
    payload.writeUInt32LE(Math.floor(i / UNITS), SEQUENCE_AT);
    const packet = generate({ cmd: 'publish', topic: `evf/1/f/${deviceOf(i % UNITS)}/can`, payload, qos, retain: false, dup: false, ...(qos > 0 ? { messageId: 1 + i } : {}) });
    parts.push(packet);
    size += packet.length;
    ends[i] = size;
    payloadAt[i] = size - payload.length;
  }
  const canned = Buffer.concat(parts);

  return {
    stream(socket, total) {
      let sent = 0;
      let done = 0;
      let waiting = false;
      const go = (): void => {
        while (sent < total && !waiting) {
          if (qos > 0 && sent - done > WINDOW - CHUNK) return;
          const from = sent % CANNED;
          const to = Math.min(from + CHUNK, CANNED, from + total - sent);
          if (from === 0) for (let i = 0; i < CANNED; i++) canned.writeUInt32LE(1 + Math.floor(sent / CANNED), (payloadAt[i] as number) + BOOT_AT);
          // A copy: the canned bytes change with the next round while these may still wait in the socket.
          const bytes = Buffer.from(canned.subarray(from === 0 ? 0 : ends[from - 1], ends[to - 1]));
          sent += to - from;
          if (socket.write(bytes)) continue;
          waiting = true;
          socket.once('drain', () => {
            waiting = false;
            go();
          });
        }
      };
      go();
      return {
        acknowledged(count) {
          done += count;
          go();
        },
      };
    },
  };
}

/** PUBACKs in what a peer sent that sends nothing else but PINGREQ or PINGRESP; calls `ping` for each of those. */
export function countAcknowledgements(chunk: Uint8Array, ping: () => void): number {
  let count = 0;
  for (let at = 0; at < chunk.length; ) {
    if (chunk[at] === 0x40) {
      count++;
      at += 4;
    } else {
      ping();
      at += 2;
    }
  }
  return count;
}
