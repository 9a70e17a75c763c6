import type { Outgoing, Unit } from './unit.ts';

/** What really leaves a unit that has a fault of its own: sometimes a message twice, sometimes a broken one. */
export function withMishaps(unit: Unit, message: Outgoing): Outgoing[] {
  const { random } = unit;
  if (breaks(unit, message)) return [{ ...message, payload: cut(unit, message.payload) }];
  switch (unit.vehicle.info.quirk) {
    case 'duplicate-sender':
      return random.chance(0.35) ? [message, message] : [message];
    case 'malformed-payload':
      return message.suffix === 'can' && random.chance(0.07) ? [{ ...message, payload: broken(unit, message.payload) }] : [message];
    default:
      return [message];
  }
}

/** Whether a fault that was put in breaks this message: every other one of the bus while it lasts. */
function breaks(unit: Unit, message: Outgoing): boolean {
  const { injected, time } = unit.vehicle;
  if (!injected || time >= injected.brokenUntil || message.suffix !== (unit.format === 'sig' ? 'sig' : 'can')) return false;
  const place = injected.broken++;
  // A unit that decodes by itself sends bus and position as two messages of one kind.
  return (unit.format === 'sig' ? place >> 1 : place) % 2 === 0;
}

function cut(unit: Unit, payload: Uint8Array): Uint8Array {
  return payload.slice(0, Math.floor(payload.length * unit.random.range(0.2, 0.9)));
}

function broken(unit: Unit, payload: Uint8Array): Uint8Array {
  const { random } = unit;
  const copy = payload.slice(0, random.chance(0.5) ? Math.floor(payload.length * random.range(0.2, 0.9)) : payload.length);
  if (copy.length === payload.length) for (let i = 0; i < 6; i++) copy[random.int(copy.length)] = random.int(256);
  return copy;
}

const ZERO = 0x30;
const ONE = 0x31;
const MARK = [...'"buf":'].map((letter) => letter.charCodeAt(0));

/** A copy of a message that says it is sent late: the binary flag, or `"buf":1` of the JSON head. */
export function markBuffered(payload: Uint8Array): Uint8Array {
  const copy = payload.slice();
  if (copy[0] === 0xec) {
    copy[2] = (copy[2] ?? 0) | 4;
    return copy;
  }
  for (let i = 0; i + MARK.length < Math.min(copy.length, 120); i++) {
    if (MARK.every((code, k) => copy[i + k] === code)) {
      if (copy[i + MARK.length] === ZERO) copy[i + MARK.length] = ONE;
      return copy;
    }
  }
  return copy;
}
