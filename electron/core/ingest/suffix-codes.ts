import type { TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';

/** Numbers of the suffixes in stored raw payloads. Never changed; 0: no payload. */
const SUFFIXES = [undefined, 'state', 'meta', 'can', 'sig', 'dtc', 'stat', 'evt', 'cmd', 'ack', 'aws', 'wican-can', 'wican-status', 'ovms-metric'] as const satisfies readonly (TopicSuffix | undefined)[];

const CODES = Object.fromEntries(SUFFIXES.flatMap((suffix, code) => (suffix ? [[suffix, code]] : []))) as Readonly<Record<TopicSuffix, number>>;

export function codeOfSuffix(suffix: TopicSuffix): number {
  return CODES[suffix];
}

export function suffixOfCode(code: number): TopicSuffix | undefined {
  return SUFFIXES[code];
}
