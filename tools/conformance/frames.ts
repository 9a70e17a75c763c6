import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder, type DecoderMode } from '#shared/domain/telemetry/decode/decoder.ts';
import { inspectFrame, type InspectedSignal } from '#shared/domain/telemetry/decode/inspect.ts';
import type { Tally } from './tally.ts';

/** One line of frames/*.jsonl. */
interface ExpectedFrame {
  readonly k: string;
  readonly id: number;
  readonly x: 0 | 1;
  readonly n: string;
  readonly d: string;
  readonly s: Readonly<Record<string, number | string>>;
  readonly t?: Readonly<Record<string, string>>;
}

/** Decodes every frame of `lines` and counts each expected value, label and absence. Numbers agree within 1e-9 relative, as the set was made with another library's arithmetic. */
export function checkFrames(dbc: Uint8Array, lines: string, mode: DecoderMode, tally: Tally): void {
  const decoder = createDecoder(parseDbc(dbc).database, { mode });
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue;
    const frame = JSON.parse(line) as ExpectedFrame;
    const where = `${mode} ${frame.k} ${frame.n} ${frame.d}`;
    const got = inspectFrame(decoder, frame.id, frame.x === 1, Uint8Array.from(Buffer.from(frame.d, 'hex')));
    const byName = new Map<string, InspectedSignal>();
    for (const signal of got?.signals ?? []) byName.set(signal.signal.name, signal);
    tally.check(got?.message.message.name === frame.n, () => `${where}: message ${String(got?.message.message.name)}`);
    for (const [name, expected] of Object.entries(frame.s)) {
      const wanted = Number(expected);
      const signal = byName.get(name);
      tally.check(signal !== undefined && agree(signal.value, wanted), () => `${where}: ${name} is ${String(signal?.value)}, expected ${expected}`);
      tally.check(signal?.label === frame.t?.[name], () => `${where}: label of ${name} is ${String(signal?.label)}, expected ${String(frame.t?.[name])}`);
    }
    for (const name of byName.keys()) if (!Object.hasOwn(frame.s, name)) tally.check(false, () => `${where}: ${name} reported, expected absent`);
  }
}

function agree(value: number, wanted: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(value);
  return value === wanted || Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
}
