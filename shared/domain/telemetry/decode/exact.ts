import type { DbcSignal } from '../dbc/model.ts';

/**
 * The decimal number that a decoded value stands for: 354.90000000000003 of a signal with scale 0.1 is 354.9. Values of
 * float signals are cut to the digits their size carries. For showing, not for comparing with thresholds.
 */
export function exactValue(signal: Pick<DbcSignal, 'scale' | 'offset' | 'float' | 'length'>, value: number): number {
  if (!Number.isFinite(value)) return value;
  if (signal.float) return Number(value.toPrecision(signal.length === 32 ? 7 : 15));
  const decimals = Math.max(decimalsOf(signal.scale), decimalsOf(signal.offset));
  return decimals > 12 || Math.abs(value) >= 1e15 ? value : Number(value.toFixed(decimals));
}

/** Digits behind the point of a number's shortest form. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
