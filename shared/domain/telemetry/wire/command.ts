import { utf8ToBytes } from '@noble/hashes/utils.js';

/** A command to a unit (docs/protocols/telemetry.md, Commands). */
export interface Command {
  readonly id: string;
  /** Sent at, and not to be carried out after: epoch milliseconds, the latter by the unit's clock. */
  readonly t: number;
  readonly exp: number;
  readonly cmd: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What has to hold at the vehicle; empty: nothing. */
  readonly cond?: { readonly speed?: number; readonly ignition?: number };
}

const SIGNATURE = ',"sig":"';
const TEXT = new TextDecoder();

function textOf({ id, t, exp, cmd, args, cond }: Command): string {
  return JSON.stringify({ v: 1, id, t, exp, cmd, args, cond: cond ?? {} });
}

/** What a signature covers: the topic, so that a command for one unit is none for another, a line feed, and the command without `sig`. */
export function signedBytes(topic: string, command: Command | string): Uint8Array {
  return utf8ToBytes(`${topic}\n${typeof command === 'string' ? command : textOf(command)}`);
}

/** A `cmd/{id}` message; the signature, where there is one, is its last member. */
export function encodeCommand(command: Command, signature?: string): Uint8Array {
  const text = textOf(command);
  return utf8ToBytes(signature === undefined ? text : `${text.slice(0, -1)}${SIGNATURE}${signature}"}`);
}

/** A command's text without its signature, and the signature; undefined where it has none. */
export function splitSignature(payload: Uint8Array): { readonly text: string; readonly signature: string } | undefined {
  const whole = TEXT.decode(payload);
  const at = whole.lastIndexOf(SIGNATURE);
  if (at < 0 || !whole.endsWith('"}')) return undefined;
  return { text: `${whole.slice(0, at)}}`, signature: whole.slice(at + SIGNATURE.length, -2) };
}
