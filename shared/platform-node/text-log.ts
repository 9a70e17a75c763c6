import { inspect } from 'node:util';
import type { Clock, Log, LogFields, LogLevel } from '../kernel/ports.ts';

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface TextLogOptions {
  readonly clock: Clock;
  /** Takes one line without its end. */
  readonly write: (line: string) => void;
  /** Lines below this level are dropped. */
  readonly level: LogLevel;
}

/** A log of one line per entry: `2026-01-31T12:00:00.000Z warn intake: text key=value`; an error's stack follows, indented. */
export function textLog(options: TextLogOptions, scope = ''): Log {
  return {
    write(level, message, fields) {
      if (ORDER[level] < ORDER[options.level]) return;
      const time = new Date(options.clock.now()).toISOString();
      options.write(`${time} ${level}${scope === '' ? '' : ` ${scope}`}: ${message}${formatFields(fields)}`);
    },
    child: (name) => textLog(options, scope === '' ? name : `${scope}.${name}`),
  };
}

function formatFields(fields: LogFields | undefined): string {
  let text = '';
  let stack = '';
  for (const [key, value] of Object.entries(fields ?? {})) {
    if (value === undefined) continue;
    if (value instanceof Error) {
      text += ` ${key}=${JSON.stringify(value.message)}`;
      stack += `\n  ${inspect(value, { depth: 2 }).replaceAll('\n', '\n  ')}`;
    } else if (typeof value === 'string') text += ` ${key}=${/[\s"=]/.test(value) || value === '' ? JSON.stringify(value) : value}`;
    else text += ` ${key}=${inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 300, maxArrayLength: 20 })}`;
  }
  return text + stack;
}
