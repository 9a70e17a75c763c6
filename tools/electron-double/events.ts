import type { EventEmitter } from 'node:events';

/** An event that a listener may prevent, as Electron hands it out. */
export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function preventable<T extends object>(fields: T): T & Preventable {
  const event = { ...fields, defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) };
  return event;
}

/** Emits `name` with a preventable event and tells whether a listener prevented it. */
export function emitPreventable(emitter: EventEmitter, name: string, fields: object = {}, ...rest: unknown[]): boolean {
  const event = preventable(fields);
  emitter.emit(name, event, ...rest);
  return event.defaultPrevented;
}
