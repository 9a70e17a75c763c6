import { createTopicParser, TOPIC_LEVEL_PATTERN } from '#shared/domain/telemetry/adapters/topic.ts';

/** Who a client is: the console itself, a unit with its Device ID, or the simulator, which speaks for every unit of the demo. */
export type Account = { readonly kind: 'core' } | { readonly kind: 'simulator' } | { readonly kind: 'unit'; readonly device: string };

export interface TopicRules {
  /** Why this account may not publish to `topic`, or undefined where it may. */
  refusePublish(account: Account, topic: string): string | undefined;
  /** Whether this account may subscribe to `filter`. */
  maySubscribe(account: Account, filter: string): boolean;
}

/** The rules of docs/protocols/telemetry.md, "Who may publish what". */
export function createTopicRules(prefix: string): TopicRules {
  const parse = createTopicParser(prefix);
  const native = `${prefix}/`;
  return {
    refusePublish(account, topic) {
      if (account.kind === 'core') return topic.startsWith('$SYS/') ? 'the topic is reserved' : undefined;
      const parsed = parse(topic);
      if (typeof parsed === 'string') return 'the topic is unknown';
      if (parsed.suffix === 'cmd') return 'only the console sends commands';
      if (account.kind === 'unit' && parsed.device !== account.device) return 'the topic belongs to another unit';
      return undefined;
    },
    maySubscribe(account, filter) {
      if (account.kind === 'core') return true;
      const own = (level: string | undefined): boolean => (account.kind === 'unit' ? level === account.device : level === '+' || TOPIC_LEVEL_PATTERN.test(level ?? ''));
      if (filter.startsWith('$aws/things/')) return own(filter.split('/')[2]);
      if (!filter.startsWith(native)) return false;
      const [fleet, device, suffix, id, ...rest] = filter.slice(native.length).split('/');
      if (fleet === undefined || (fleet !== '+' && !TOPIC_LEVEL_PATTERN.test(fleet))) return false;
      return own(device) && suffix === 'cmd' && id !== undefined && rest.length <= 1;
    },
  };
}
