import { describe, expect, it } from 'vitest';
import { createTopicParser } from './topic.ts';

const parse = createTopicParser();

describe('a topic', () => {
  it.each([
    ['evf/1/demo/D-1/can', { fleet: 'demo', device: 'D-1', suffix: 'can', detail: '' }],
    ['evf/1/demo/D-1/cmd/c-7', { fleet: 'demo', device: 'D-1', suffix: 'cmd', detail: 'c-7' }],
    ['evf/1/demo/D-1/cmd/c-7/ack', { fleet: 'demo', device: 'D-1', suffix: 'ack', detail: 'c-7' }],
    ['$aws/things/D-1/jobs/start-next', { fleet: '', device: 'D-1', suffix: 'aws', detail: 'jobs/start-next' }],
    ['wican/aabb/can/rx', { fleet: '', device: 'aabb', suffix: 'wican-can', detail: '' }],
    ['wican/aabb/status', { fleet: '', device: 'aabb', suffix: 'wican-status', detail: '' }],
    ['ovms/user/CAR1/metric/v/b/soc', { fleet: 'user', device: 'CAR1', suffix: 'ovms-metric', detail: 'v.b.soc' }],
  ])('%s says what the message is', (topic, expected) => {
    expect(parse(topic)).toEqual(expected);
  });

  it.each([
    ['evf/1/demo//can', 'topic-device'],
    ['evf/1/demo/a b/can', 'topic-device'],
    ['evf/1/demo/ü/can', 'topic-device'],
    [`evf/1/demo/${'x'.repeat(65)}/can`, 'topic-device'],
    ['evf/1/demo/a\u0000/can', 'topic-device'],
    ['evf/1//D/can', 'topic-fleet'],
    ['evf/1/demo/D/toString', 'topic-suffix'],
    ['evf/1/demo/D/can/rx', 'topic-suffix'],
    ['evf/1/demo/D/cmd/x/nack', 'topic-suffix'],
    ['evf/1/demo/D', 'topic-unknown'],
    ['evf/2/demo/D/can', 'topic-unknown'],
    ['', 'topic-unknown'],
    [`evf/1/demo/${'x/'.repeat(300)}`, 'topic-too-long'],
  ])('%j is refused', (topic, refusal) => {
    expect(parse(topic)).toBe(refusal);
  });

  it('follows the prefix that is configured', () => {
    expect(createTopicParser('acme/fleet')('acme/fleet/north/D/sig')).toMatchObject({ fleet: 'north', device: 'D', suffix: 'sig' });
    expect(createTopicParser('acme/fleet')('evf/1/north/D/sig')).toBe('topic-unknown');
  });
});
