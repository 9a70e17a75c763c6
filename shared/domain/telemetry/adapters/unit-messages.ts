import type { AckContent, BusStatisticsContent, EventContent, MetaBus, MetaContent, StateContent, TroubleCode, TroubleCodesContent } from '../envelope/messages.ts';
import { LIMITS } from '../envelope/limits.ts';
import type { RejectReason } from '../envelope/reasons.ts';
import { readHead, readTime, type MessageHead } from './head.ts';
import { parseJsonObject, readInteger, readText, type JsonObject } from './json.ts';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses a message with a head and, unless `timeless`, a stamp `t` in epoch ms. */
function open(payload: Uint8Array, head: MessageHead, timeless = false): JsonObject | RejectReason {
  const json = parseJsonObject(payload);
  if (typeof json === 'string') return json;
  const refused = readHead(json, head);
  if (refused !== undefined) return refused;
  if (timeless) return json;
  const time = readTime(json['t'], 1);
  if (time === undefined) return 'bad-time';
  head.time = time;
  return json;
}

/** `state`: whether the unit is connected; also the Last Will. */
export function readState(payload: Uint8Array, head: MessageHead): StateContent | RejectReason {
  const json = open(payload, head);
  if (typeof json === 'string') return json;
  return typeof json['on'] === 'boolean' ? { on: json['on'] } : 'bad-shape';
}

/** Names of DBC files (see dbcHash of ../dbc); anything else counts as not given. */
const DBC_NAME = /^sha256:[0-9a-f]{64}$/;

/** `meta`: who the unit is and which buses it listens to. */
export function readMeta(payload: Uint8Array, head: MessageHead): MetaContent | RejectReason {
  const json = open(payload, head, true);
  if (typeof json === 'string') return json;
  const model = readText(json['model']);
  const { tcu, buses } = json;
  if (model === undefined || (tcu !== undefined && !isObject(tcu)) || !Array.isArray(buses)) return 'bad-shape';
  if (buses.length > LIMITS.buses) return 'too-many';
  const list: MetaBus[] = [];
  for (const item of buses as unknown[]) {
    if (!isObject(item)) return 'bad-shape';
    const bus = readInteger(item['b'], 0, 15);
    if (bus === undefined || list.some((other) => other.bus === bus)) return 'bad-shape';
    const dbc = typeof item['dbc'] === 'string' && DBC_NAME.test(item['dbc']) ? item['dbc'] : undefined;
    list.push({ bus, name: readText(item['name']) ?? `Bus ${bus}`, kbps: readInteger(item['kbps'], 1, 20_000), fd: item['fd'] === true, dbc });
  }
  return { model, vin: readText(json['vin']), unitType: readText(tcu?.['type']), firmware: readText(tcu?.['fw']), buses: list };
}

/** `dtc`: the trouble codes active now. */
export function readTroubleCodes(payload: Uint8Array, head: MessageHead): TroubleCodesContent | RejectReason {
  const json = open(payload, head);
  if (typeof json === 'string') return json;
  const { proto, dtc } = json;
  if (proto !== 'j1939' && proto !== 'uds' && proto !== 'obd') return 'bad-shape';
  const lamps = json['lamps'] === undefined ? 0 : readInteger(json['lamps'], 0, 255);
  if (lamps === undefined || !Array.isArray(dtc)) return 'bad-shape';
  if (dtc.length > LIMITS.codes) return 'too-many';
  const codes: TroubleCode[] = [];
  for (const item of dtc as unknown[]) {
    const code = isObject(item) ? readCode(item) : undefined;
    if (code === undefined) return 'bad-shape';
    codes.push(code);
  }
  return { protocol: proto, lamps, codes };
}

/** Ranges: SPN 19 bits, FMI 5 bits, occurrence count 7 bits (SAE J1939-73); status byte of ISO 14229-1. */
function readCode(item: JsonObject): TroubleCode | undefined {
  if (item['code'] !== undefined) {
    const code = readText(item['code']);
    const status = item['status'] === undefined ? 0 : readInteger(item['status'], 0, 255);
    return code === undefined || code.length > 24 || status === undefined ? undefined : { code, status };
  }
  const spn = readInteger(item['spn'], 0, 0x7ffff);
  const fmi = readInteger(item['fmi'], 0, 31);
  const oc = item['oc'] === undefined ? 0 : readInteger(item['oc'], 0, 127);
  return spn === undefined || fmi === undefined || oc === undefined ? undefined : { spn, fmi, oc };
}

const BUS_STATES = ['active', 'warning', 'passive', 'off'] as const;

/** `stat`: counters of each bus. */
export function readStatistics(payload: Uint8Array, head: MessageHead): readonly BusStatisticsContent[] | RejectReason {
  const json = open(payload, head);
  if (typeof json === 'string') return json;
  const { buses } = json;
  if (!Array.isArray(buses)) return 'bad-shape';
  if (buses.length > LIMITS.buses) return 'too-many';
  const list: BusStatisticsContent[] = [];
  for (const item of buses as unknown[]) {
    if (!isObject(item)) return 'bad-shape';
    const bus = readInteger(item['b'], 0, 15);
    const counters = ['rx', 'err', 'lost', 'queue'].map((name) => (item[name] === undefined ? 0 : readInteger(item[name], 0, Number.MAX_SAFE_INTEGER)));
    const [frames, errors, lost, queue] = counters;
    const load = item['load'] === undefined ? 0 : item['load'];
    const state = BUS_STATES.find((name) => name === (item['state'] ?? 'active'));
    if (bus === undefined || frames === undefined || errors === undefined || lost === undefined || queue === undefined || state === undefined) return 'bad-shape';
    if (typeof load !== 'number' || !(load >= 0 && load <= 1000)) return 'bad-shape';
    list.push({ bus, frames, errors, load, state, lost, queue });
  }
  return list;
}

/** `evt`: an event of the unit. */
export function readEvent(payload: Uint8Array, head: MessageHead): EventContent | RejectReason {
  const json = open(payload, head);
  if (typeof json === 'string') return json;
  const name = readText(json['evt']);
  return name === undefined || name.length > 64 ? 'bad-shape' : { name, data: json['data'] };
}

/** `cmd/{id}/ack`: the unit's answer to command `id`. */
export function readAck(payload: Uint8Array, id: string, head: MessageHead): AckContent | RejectReason {
  const json = open(payload, head);
  if (typeof json === 'string') return json;
  const { st } = json;
  if (json['id'] !== id || (st !== 'delivered' && st !== 'accepted' && st !== 'rejected' && st !== 'done')) return 'bad-shape';
  return { id, state: st, why: readText(json['why']) };
}
