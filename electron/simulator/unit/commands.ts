import type { AckState } from '#shared/domain/telemetry/wire/index.ts';
import { IMMOBILIZER } from '../model/vehicle.ts';
import { ackMessage, eventMessage, whereIs } from './messages.ts';
import { markBuffered } from './mishaps.ts';
import type { Outgoing, PendingCommand, Unit } from './unit.ts';

/** Answers a unit keeps. Those of commands that could still be carried out are never forgotten: it takes no more instead. */
const REMEMBERED = 128;
const DELAY = 1500;
const TEXT = new TextDecoder('utf-8', { fatal: true });

export interface CommandMessage {
  readonly id: string;
  /** Epoch ms after which it must not be carried out. */
  readonly exp: number;
  readonly cmd: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly cond: { readonly speed?: number; readonly ignition?: number };
}

/** Checks the signature of a command; the demo's units accept what their broker hands them. */
export type VerifyCommand = (payload: Uint8Array) => boolean;

function object(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** The command in a payload; undefined where it is none a unit could answer. */
export function parseCommand(payload: Uint8Array): CommandMessage | undefined {
  if (payload.length > 16_384) return undefined;
  try {
    const data = object(JSON.parse(TEXT.decode(payload)));
    if (data === undefined || data['v'] !== 1) return undefined;
    const { id, exp, cmd, args, cond } = data;
    if (typeof id !== 'string' || id === '' || id.length > 64 || typeof exp !== 'number' || !Number.isFinite(exp) || typeof cmd !== 'string') return undefined;
    const conditions = object(cond) ?? {};
    const speed = conditions['speed'];
    const ignition = conditions['ignition'];
    return { id, exp, cmd, args: object(args) ?? {}, cond: { ...(typeof speed === 'number' ? { speed } : {}), ...(typeof ignition === 'number' ? { ignition } : {}) } };
  } catch {
    return undefined;
  }
}

/** Makes an acknowledgement and remembers it as the answer to a repetition. */
function acknowledge(unit: Unit, command: Pick<CommandMessage, 'id' | 'exp'>, now: number, state: AckState, why?: string): Outgoing {
  const message = ackMessage(unit, now, command.id, state, why);
  unit.answers.delete(command.id);
  unit.answers.set(command.id, { message, expires: command.exp });
  return message;
}

/** Makes room for one more answer; false where every answer kept belongs to a command that has not expired. */
function makeRoom(unit: Unit, clock: number): boolean {
  for (const [id, { expires }] of unit.answers) {
    if (unit.answers.size < REMEMBERED) break;
    if (expires <= clock) unit.answers.delete(id);
  }
  return unit.answers.size < REMEMBERED;
}

/** Why the vehicle's own interlock forbids immobilizing now; undefined where it does not. */
function interlock(unit: Unit): string | undefined {
  const { vehicle } = unit;
  if (vehicle.speed > 0) return 'The vehicle moves.';
  return vehicle.ignition ? 'The ignition is on.' : undefined;
}

function conditionFails(unit: Unit, { cond }: CommandMessage): string | undefined {
  const { vehicle } = unit;
  if (cond.speed !== undefined && vehicle.speed * 3.6 > cond.speed) return 'The vehicle is faster than the command allows.';
  if (cond.ignition !== undefined && (vehicle.ignition ? 1 : 0) !== cond.ignition) return 'The ignition is not as the command asks.';
  return undefined;
}

function flagOf(args: CommandMessage['args']): boolean {
  const value = args['value'] ?? args['on'] ?? 1;
  return value === 1 || value === true || value === '1';
}

/** Sends again what is asked for and still remembered: `ranges` are [boot, first sequence, last sequence]. */
function backfill(unit: Unit, args: CommandMessage['args']): Outgoing[] {
  const ranges = Array.isArray(args['ranges']) ? (args['ranges'] as unknown[]) : [];
  const wanted = ranges.filter((range): range is [number, number, number] => Array.isArray(range) && range.length === 3 && range.every((part) => typeof part === 'number')).slice(0, 64);
  return unit.sent
    .filter(({ boot, seq }) => seq !== undefined && wanted.some((range) => boot === range[0] && seq >= range[1] && seq <= range[2]))
    .map((message) => ({ ...message, payload: markBuffered(message.payload), qos: 1 as const, retain: false }));
}

type Effect = PendingCommand['run'];

/** What a command does when it takes effect; undefined for an unknown one. */
function effectOf(unit: Unit, command: CommandMessage, send: (message: Outgoing) => void): Effect | undefined {
  const { vehicle } = unit;
  const always = (act: (now: number) => void): Effect => (now) => void act(now);
  switch (command.cmd) {
    case 'immobilize':
      return () => {
        const why = interlock(unit);
        if (why === undefined) vehicle.immobilizer = IMMOBILIZER.immobilized;
        return why;
      };
    case 'mobilize':
      return always(() => (vehicle.immobilizer = IMMOBILIZER.released));
    case 'regen':
      return always(() => (vehicle.regenEnabled = flagOf(command.args)));
    case 'locate':
      return always((now) => {
        whereIs(vehicle);
        send(eventMessage(unit, now, 'located', now, { lat: vehicle.fix.lat, lon: vehicle.fix.lon }));
      });
    case 'reboot':
      return always((now) => {
        unit.rebootAt = now + 500;
        unit.rebootReason = 'command';
      });
    case 'backfill':
      return always(() => backfill(unit, command.args).forEach(send));
    case 'device-update':
    case 'bms-command':
    case 'deregister-mobile':
      return always(() => undefined);
    default:
      return undefined;
  }
}

const CONTROLLING: readonly string[] = ['immobilize', 'mobilize', 'regen', 'bms-command'];

/**
 * Takes a command as docs/protocols/telemetry.md § Commands asks: expired ones are dropped without a word, a repeated id gets
 * its last answer again and nothing happens twice, conditions and the vehicle's own interlock are checked on receipt and once
 * more when it takes effect, 1.5 s later. `send` is given what goes out, also by the effect.
 */
export function takeCommand(unit: Unit, payload: Uint8Array, now: number, send: (message: Outgoing) => void, verify: VerifyCommand = () => true): void {
  const command = parseCommand(payload);
  if (command === undefined) return;
  const repeated = unit.answers.get(command.id);
  if (repeated !== undefined) return send(repeated.message);
  const clock = now + unit.clockOffset;
  if (command.exp <= clock || !makeRoom(unit, clock)) return;
  send(acknowledge(unit, command, now, 'delivered'));
  const refuse = (why: string): void => send(acknowledge(unit, command, now, 'rejected', why));
  if (!verify(payload)) return refuse('The signature does not match.');
  if (unit.vehicle.info.unitKind === 'VTS' && CONTROLLING.includes(command.cmd)) return refuse('This unit tracks only.');
  const effect = effectOf(unit, command, send);
  if (effect === undefined) return refuse(`Unknown command ${command.cmd.slice(0, 40)}.`);
  const why = conditionFails(unit, command) ?? (command.cmd === 'immobilize' ? interlock(unit) : undefined);
  if (why !== undefined) return refuse(why);
  send(acknowledge(unit, command, now, 'accepted'));
  unit.pending.push({ id: command.id, at: now + DELAY, expires: command.exp, run: (at) => conditionFails(unit, command) ?? effect(at) });
}

/** Lets accepted commands take effect whose time has come; returns their final acknowledgements. */
export function runPending(unit: Unit, now: number): Outgoing[] {
  const due = unit.pending.filter(({ at }) => at <= now);
  if (due.length === 0) return [];
  unit.pending.splice(0, unit.pending.length, ...unit.pending.filter(({ at }) => at > now));
  return due.map(({ id, expires, run }) => {
    const why = expires <= now + unit.clockOffset ? 'Expired before it could take effect.' : run(now);
    return acknowledge(unit, { id, exp: expires }, now, why === undefined ? 'done' : 'rejected', why);
  });
}
