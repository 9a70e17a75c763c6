import type { ParameterCatalogue } from '../catalogue/index.ts';
import type { RejectReason } from '../envelope/reasons.ts';
import { decodeText } from './json.ts';
import { addValue } from './sig.ts';
import type { SignalBatch } from './signal-batch.ts';

/** How the text of a metric becomes a value of a parameter. */
interface Metric {
  readonly key: string;
  /** Value = number · scale + offset. */
  readonly scale?: number;
  readonly offset?: number;
  /** Values of words. */
  readonly words?: Readonly<Record<string, number>>;
}

const YES_NO = { yes: 1, no: 0 } as const;

/** Metrics of OVMS v3 ("Metrics" of its user guide) and the parameters they are; units as OVMS publishes them by default. */
export const OVMS_METRICS: Readonly<Record<string, Metric>> = {
  'm.version': { key: 'firmwareVersion' },
  'm.hardware': { key: 'hardwareVersion' },
  // dBm to +CSQ (3GPP TS 27.007, 8.5): -113 dBm is 0, 2 dB a step.
  'm.net.sq': { key: 'gsmSignal', scale: 0.5, offset: 56.5 },
  'm.net.provider': { key: 'networkOperator' },
  'v.vin': { key: 'vin' },
  'v.e.on': { key: 'ignition', words: YES_NO },
  'v.e.handbrake': { key: 'parkingBrake', words: YES_NO },
  'v.e.footbrake': { key: 'brake' },
  'v.e.throttle': { key: 'throttle' },
  'v.e.temp': { key: 'ambientTemp' },
  'v.p.latitude': { key: 'lat' },
  'v.p.longitude': { key: 'lon' },
  'v.p.altitude': { key: 'altitude' },
  'v.p.direction': { key: 'heading' },
  'v.p.gpsspeed': { key: 'gpsSpeed' },
  'v.p.gpshdop': { key: 'hdop' },
  'v.p.satcount': { key: 'satellites' },
  'v.p.speed': { key: 'speed' },
  'v.p.odometer': { key: 'odometer' },
  'v.p.trip': { key: 'tripDistance' },
  'v.b.soc': { key: 'soc' },
  'v.b.soh': { key: 'soh' },
  'v.b.voltage': { key: 'packVoltage' },
  // OVMS counts current out of the battery as positive, the console current into it.
  'v.b.current': { key: 'packCurrent', scale: -1 },
  // kW out of the battery.
  'v.b.power': { key: 'packPower', scale: -1000 },
  'v.b.temp': { key: 'batteryTempMean' },
  'v.b.range.est': { key: 'range' },
  'v.b.p.voltage.min': { key: 'cellVoltageMin' },
  'v.b.p.voltage.max': { key: 'cellVoltageMax' },
  'v.b.p.voltage.avg': { key: 'cellVoltageMean' },
  'v.b.p.temp.min': { key: 'batteryTempMin' },
  'v.b.p.temp.max': { key: 'batteryTempMax' },
  'v.b.p.temp.avg': { key: 'batteryTempMean' },
  'v.b.12v.voltage': { key: 'auxVoltage' },
  'v.c.charging': { key: 'chargingState', words: { yes: 2, no: 0 } },
  'v.c.voltage': { key: 'chargerInputVoltage' },
  'v.c.current': { key: 'chargerCurrent' },
  'v.c.temp': { key: 'chargerTemp' },
  'v.c.pilot': { key: 'chargerPlugged', words: YES_NO },
  'v.m.rpm': { key: 'motorRpm' },
  'v.m.temp': { key: 'motorTemp' },
  'v.i.temp': { key: 'controllerTemp' },
};

/** Vectors: element n of the metric is the parameter with n, from 1, behind its key. */
const VECTORS: Readonly<Record<string, (index: number) => string>> = {
  'v.b.c.voltage': (index) => `cellVoltage${String(index).padStart(2, '0')}`,
  'v.b.c.temp': (index) => `batteryTemp${index}`,
};

const VECTOR_LIMIT = 64;

/** A number with or without a unit behind it; 15 digits and an exponent are more than any metric has. */
const NUMBER = /^([+-]?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?)\s?[A-Za-z%°µΩ/]{0,12}$/;

function numberOf(text: string): number | undefined {
  const digits = NUMBER.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Reads `ovms/{user}/{vehicle}/metric/…`: one metric as text. Metrics the console has no parameter for are counted, not refused. */
export function readOvmsMetric(payload: Uint8Array, metric: string, catalogue: ParameterCatalogue, signals: SignalBatch): RejectReason | undefined {
  const decoded = decodeText(payload);
  if (typeof decoded === 'string') return decoded;
  const { text } = decoded;
  signals.begin();
  const vector = Object.hasOwn(VECTORS, metric) ? VECTORS[metric] : undefined;
  if (vector !== undefined) {
    const items = text.split(',', VECTOR_LIMIT + 1);
    if (items.length > VECTOR_LIMIT) return 'too-many';
    const numbers = items.map(numberOf);
    if (numbers.includes(undefined)) return 'bad-value';
    numbers.forEach((number, i) => addValue(signals, catalogue.byKey(vector(i + 1)), 0, number));
    return undefined;
  }
  const known = Object.hasOwn(OVMS_METRICS, metric) ? OVMS_METRICS[metric] : undefined;
  const entry = known === undefined ? undefined : catalogue.byKey(known.key);
  if (known === undefined || entry === undefined) {
    signals.unknownNames++;
    return undefined;
  }
  const number = known.words !== undefined && Object.hasOwn(known.words, text) ? known.words[text] : numberOf(text);
  const value = entry.kind === 'text' ? text : number === undefined ? undefined : number * (known.scale ?? 1) + (known.offset ?? 0);
  addValue(signals, entry, 0, value);
  return signals.invalidValues > 0 ? 'bad-value' : undefined;
}
