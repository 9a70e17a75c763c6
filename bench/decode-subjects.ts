import candied from 'candied';
import type { DbcDatabase } from '#shared/domain/telemetry/dbc/model.ts';
import { createDecoder, type DecoderMode } from '#shared/domain/telemetry/decode/decoder.ts';
import type { Traffic } from './decode-traffic.ts';

type Frame = ReturnType<InstanceType<typeof candied.Can>['createFrame']>;

/** Decodes all traffic once and returns the number of values. */
export type Pass = () => number;

/** Our decoder: look up each frame's message, decode it into one array. */
export function ownPass(databases: readonly DbcDatabase[], traffic: Traffic, mode: DecoderMode): Pass {
  const decoders = databases.map((database) => createDecoder(database, { mode }));
  const most = Math.max(...decoders.map(({ maximumSignals }) => maximumSignals));
  const values = new Float64Array(most);
  const present = new Uint16Array(most);
  const { count, source, id, extended, at, length, view } = traffic;
  return () => {
    let decoded = 0;
    for (let i = 0; i < count; i++) {
      const message = decoders[source[i] ?? 0]?.lookup(id[i] ?? 0, extended[i] === 1);
      if (message !== undefined) decoded += message.decode(view, at[i] ?? 0, length[i] ?? 0, values, present);
    }
    return decoded;
  };
}

/** npm candied with its frames made beforehand. It reports every branch of a multiplexed message, selected or not; all count. */
export function candiedPass(texts: readonly string[], traffic: Traffic): Pass {
  const decoders = texts.map((text) => {
    const can = new candied.Can();
    const parsed = new candied.Dbc().load(text);
    if (parsed instanceof Promise) throw new Error('candied loads text at once');
    can.database = parsed;
    return can;
  });
  const frames: { can: InstanceType<typeof candied.Can>; frame: Frame }[] = [];
  for (let i = 0; i < traffic.count; i++) {
    const can = decoders[traffic.source[i] ?? 0];
    const [at = 0, length = 0] = [traffic.at[i], traffic.length[i]];
    // candied keeps the flag of 29-bit ids in the id.
    const id = (traffic.id[i] ?? 0) + (traffic.extended[i] === 1 ? 0x80000000 : 0);
    if (can !== undefined) frames.push({ can, frame: can.createFrame(id, [...traffic.bytes.subarray(at, at + length)], traffic.extended[i] === 1) });
  }
  return () => {
    let decoded = 0;
    for (const { can, frame } of frames) decoded += can.decode(frame)?.boundSignals.size ?? 0;
    return decoded;
  };
}
