/** Why a message was not taken, in words for the intake page. The key is stable: counters and tests name it. */
export const REJECT_REASONS = {
  'too-large': 'The payload is larger than this console accepts.',
  'qos-2': 'The message was sent with QoS 2, which this console does not take. Send it with QoS 0 or 1.',
  empty: 'The payload is empty.',
  'not-utf8': 'The payload is not valid UTF-8 text.',
  'not-json': 'The payload is not valid JSON.',
  'too-deep': 'The JSON is nested too deeply.',
  'unknown-version': 'The message has a version this console does not know.',
  'unknown-suffix': 'The topic ends in something this console does not know.',
  'bad-envelope': 'boot, seq, up or buf are missing or not numbers in range.',
  'bad-time': 'The time stamp is missing or not a number in range.',
  'bad-shape': 'A member is missing or has the wrong type.',
  'bad-frame': 'A CAN frame is malformed.',
  'bad-value': 'No value of the message can be used.',
  'too-many': 'The message holds more entries than this console accepts.',
  truncated: 'The payload ends before it is complete.',
  'trailing-bytes': 'The payload goes on after its end.',
  'bad-deflate': 'The deflated body is damaged or inflates to too much.',
} as const;

export type RejectReason = keyof typeof REJECT_REASONS;
