import type { NotAvailable } from './plan.ts';

/** Below this many bits a signal is taken to use all its values: counters, states, flags. */
const WIDE = 8;
const SAYS_MISSING = /not[ _-]?avail|invalid|no[ _-]?(?:data|signal)|(?:^|[^a-z])(?:sna|n\/a)(?:$|[^a-z])/i;

/**
 * The convention of SAE J1939-71 and of most vehicle makers: all bits set in an unsigned signal of two bits or more
 * means "not available" (SoC 255, SoH 127). Taken to hold where the DBC file does not say otherwise: not where the value
 * is labelled (unless the label says that it is missing), nor where it lies in the declared range; without a range only
 * from 8 bits on.
 */
export const allOnesNotAvailable: NotAvailable = (_message, signal) => {
  if (signal.signed || signal.float || signal.length < 2 || signal.length > 53 || signal.multiplexor) return [];
  const raw = 2 ** signal.length - 1;
  const label = signal.choices?.find(({ value }) => value === raw)?.label;
  if (label !== undefined) return SAYS_MISSING.test(label) ? [raw] : [];
  if (signal.minimum === undefined || signal.maximum === undefined) return signal.length >= WIDE ? [raw] : [];
  const physical = raw * signal.scale + signal.offset;
  return physical >= signal.minimum && physical <= signal.maximum ? [] : [raw];
};

/**
 * Before its first measurement a controller sends raw 0. Where raw 0 is the very bottom of a scale that reaches below
 * zero (-40 °C, -1000 A), no working sensor reads it, so it is taken as "not available"; where raw 0 is physical 0, the
 * two cannot be told apart and it stays a value.
 */
export const bottomOfScaleNotAvailable: NotAvailable = (_message, signal) => {
  if (signal.float || signal.length < WIDE || signal.multiplexor || signal.scale <= 0 || signal.offset >= 0) return [];
  if (signal.choices?.some(({ value, label }) => value === 0 && !SAYS_MISSING.test(label)) === true) return [];
  if (signal.minimum === undefined || signal.maximum === undefined) return signal.signed ? [] : [0];
  return signal.minimum >= signal.offset && signal.maximum > 0 ? [0] : [];
};

/** What to take as missing where nobody has said it: all bits set, and the bottom of the scale. */
export const usualNotAvailable: NotAvailable = (message, signal) => [...allOnesNotAvailable(message, signal), ...bottomOfScaleNotAvailable(message, signal)];
