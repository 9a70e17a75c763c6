import { LIMITS } from '../envelope/limits.ts';

/** Device IDs, fleets and command ids on topics: 1–64 of these characters. Everything else is refused before it is used. */
export const TOPIC_LEVEL_PATTERN = /^[A-Za-z0-9._:-]{1,64}$/;

export const DEFAULT_TOPIC_PREFIX = 'evf/1';

/** What a message is, by its topic; which adapter reads it. */
export type TopicSuffix = 'state' | 'meta' | 'can' | 'sig' | 'dtc' | 'stat' | 'evt' | 'cmd' | 'ack' | 'aws' | 'wican-can' | 'wican-status' | 'ovms-metric';

export interface ParsedTopic {
  readonly fleet: string;
  readonly device: string;
  readonly suffix: TopicSuffix;
  /** Command id of `cmd` and `ack`, metric name of `ovms-metric`, what follows the device of `aws`; else empty. */
  readonly detail: string;
}

export type TopicRefusal = 'topic-too-long' | 'topic-unknown' | 'topic-device' | 'topic-fleet' | 'topic-suffix';

/** Why a topic was refused, in words for the intake page. */
export const TOPIC_REFUSALS: Readonly<Record<TopicRefusal, string>> = {
  'topic-too-long': 'The topic is longer than this console accepts.',
  'topic-unknown': 'The topic does not follow the pattern that is configured.',
  'topic-device': 'The device id in the topic has characters or a length that are not allowed.',
  'topic-fleet': 'The fleet in the topic has characters or a length that are not allowed.',
  'topic-suffix': 'The topic ends in something this console does not know.',
};

const NATIVE: ReadonlySet<string> = new Set(['state', 'meta', 'can', 'sig', 'dtc', 'stat', 'evt'] satisfies TopicSuffix[]);
const METRIC_PATTERN = /^[A-Za-z0-9._/-]{1,128}$/;

/** Parses topics below `prefix` (docs/protocols/telemetry.md, Topics) and those of the other formats. */
export function createTopicParser(prefix: string = DEFAULT_TOPIC_PREFIX): (topic: string) => ParsedTopic | TopicRefusal {
  const start = `${prefix}/`;
  return (topic) => {
    if (topic.length > LIMITS.topicLength) return 'topic-too-long';
    if (topic.startsWith(start)) return parseNative(topic.slice(start.length).split('/'));
    const levels = topic.split('/');
    switch (levels[0]) {
      case '$aws':
        return levels[1] === 'things' ? checked('', levels[2], 'aws', levels.slice(3).join('/')) : 'topic-unknown';
      case 'wican':
        if (levels[2] === 'can' && levels[3] === 'rx' && levels.length === 4) return checked('', levels[1], 'wican-can', '');
        return levels[2] === 'status' && levels.length === 3 ? checked('', levels[1], 'wican-status', '') : 'topic-suffix';
      case 'ovms': {
        if (levels[3] !== 'metric' || levels.length < 5) return 'topic-suffix';
        const metric = levels.slice(4).join('.');
        return METRIC_PATTERN.test(metric) ? checked(levels[1] ?? '', levels[2], 'ovms-metric', metric) : 'topic-suffix';
      }
      default:
        return 'topic-unknown';
    }
  };
}

function parseNative(levels: readonly string[]): ParsedTopic | TopicRefusal {
  const [fleet, device, suffix, id, last] = levels;
  if (fleet === undefined || device === undefined || suffix === undefined) return 'topic-unknown';
  if (!TOPIC_LEVEL_PATTERN.test(fleet)) return 'topic-fleet';
  if (levels.length === 3 && NATIVE.has(suffix)) return checked(fleet, device, suffix as TopicSuffix, '');
  if (suffix !== 'cmd' || id === undefined || !TOPIC_LEVEL_PATTERN.test(id)) return 'topic-suffix';
  if (levels.length === 4) return checked(fleet, device, 'cmd', id);
  return levels.length === 5 && last === 'ack' ? checked(fleet, device, 'ack', id) : 'topic-suffix';
}

function checked(fleet: string, device: string | undefined, suffix: TopicSuffix, detail: string): ParsedTopic | TopicRefusal {
  if (device === undefined || !TOPIC_LEVEL_PATTERN.test(device)) return 'topic-device';
  if (fleet !== '' && !TOPIC_LEVEL_PATTERN.test(fleet)) return 'topic-fleet';
  return { fleet, device, suffix, detail };
}
