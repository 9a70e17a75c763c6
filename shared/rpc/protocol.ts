import type { AppErrorData } from '../kernel/error.ts';
import type { Message } from './channel.ts';

/** Version of the messages below; the contract they carry has its own. */
export const PROTOCOL_VERSION = 1;

/** Which contract a side was built with. */
export type ContractIdentity = { readonly version: number; readonly hash: string };

/** `hello` comes first; calls may follow without waiting for `welcome`. `credit` is how many more items the client takes. */
export type ClientMessage =
  | { readonly t: 'hello'; readonly protocol: number; readonly contract?: ContractIdentity | undefined }
  | { readonly t: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'open'; readonly id: number; readonly name: string; readonly input: unknown; readonly credit: number }
  | { readonly t: 'credit'; readonly id: number; readonly add: number }
  | { readonly t: 'close'; readonly id: number };

/** `refused` answers a hello that does not fit, or ends a connection that broke the protocol; nothing follows it. */
export type ServerMessage =
  | { readonly t: 'welcome'; readonly protocol: number; readonly contract?: ContractIdentity | undefined }
  | { readonly t: 'refused'; readonly error: AppErrorData }
  | { readonly t: 'result'; readonly id: number; readonly value: unknown }
  | { readonly t: 'error'; readonly id: number; readonly error: AppErrorData }
  | { readonly t: 'item'; readonly id: number; readonly value: unknown; readonly dropped?: number | undefined }
  | { readonly t: 'end'; readonly id: number };

/** More than any client needs; keeps a hostile one from making the server's counters meaningless. */
const MAX_CREDIT = 1_000;

/** A message from a client, or undefined when it is none. */
export function parseClientMessage(message: Message): ClientMessage | undefined {
  switch (message['t']) {
    case 'hello':
      return typeof message['protocol'] === 'number' ? (message as ClientMessage) : undefined;
    case 'call':
      return isId(message['id']) && typeof message['name'] === 'string' ? (message as ClientMessage) : undefined;
    case 'open':
      return isId(message['id']) && typeof message['name'] === 'string' && isCredit(message['credit']) ? (message as ClientMessage) : undefined;
    case 'credit':
      return isId(message['id']) && isCredit(message['add']) ? (message as ClientMessage) : undefined;
    case 'cancel':
    case 'close':
      return isId(message['id']) ? (message as ClientMessage) : undefined;
    default:
      return undefined;
  }
}

/** A message from the server, or undefined when it is of a later protocol. */
export function parseServerMessage(message: Message): ServerMessage | undefined {
  switch (message['t']) {
    case 'welcome':
    case 'refused':
      return message as ServerMessage;
    case 'result':
    case 'error':
    case 'item':
    case 'end':
      return isId(message['id']) ? (message as ServerMessage) : undefined;
    default:
      return undefined;
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isCredit(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= MAX_CREDIT;
}
