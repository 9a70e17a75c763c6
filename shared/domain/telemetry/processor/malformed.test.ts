import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { demoBus } from '../../../testing/demo-bus.ts';
import { fuzzMalformed } from '../../../testing/fuzz-malformed.ts';
import { SEED } from '#shared/testing/seed.ts';
import { createTopicParser } from '../adapters/index.ts';
import { createCatalogue } from '../catalogue/index.ts';
import { QUALITY } from '../envelope/index.ts';
import { FleetState } from '../state/index.ts';
import { UnitContext, createProcessor } from './index.ts';

const CASES = 100_000;

describe('malformed messages', () => {
  it('never throw, are counted exactly and leave no trace in values', () => {
    const seed = SEED;
    const catalogue = createCatalogue();
    const { binding } = demoBus('two-wheeler', catalogue);
    const now = 1_769_155_200_000;
    const parse = createTopicParser();
    const processor = createProcessor({ catalogue, resolveBus: () => binding, inflate: (body, limit) => inflateRawSync(body, { maxOutputLength: limit }) });
    const unit = new UnitContext({ deviceId: 'FUZZ-1' });
    const state = new FleetState();
    const slot = state.ensureSlot('FUZZ-1');
    const fuzz = fuzzMalformed({ seed, now, deflate: (body) => deflateRawSync(body) });
    let refusedTopics = 0;
    let taken = 0;
    let rejected = 0;
    for (let i = 0; i < CASES; i++) {
      const { topic, payload, damage } = fuzz.next();
      const parsed = parse(topic);
      if (typeof parsed === 'string') {
        refusedTopics++;
        continue;
      }
      const message = processor.process(unit, parsed.suffix, payload, now + i, 0, parsed.detail);
      state.apply(slot, message);
      const isRejected = message.kind === 'rejected';
      if (isRejected) rejected++;
      else taken++;
      const wrong =
        (isRejected && (message.reason === undefined || message.count > 0) && 'a rejection without a reason, or with values') ||
        (damage === 'valid' && isRejected && 'a valid message is rejected') ||
        (damage === 'oversized' && message.reason !== 'too-large' && 'too much is taken') ||
        ((message.quality & QUALITY.duplicate) !== 0 && message.count > 0 && 'a duplicate has values') ||
        (!(Number.isFinite(message.eventTime) && message.eventTime <= now + i + 60_000) && 'a time that is none') ||
        (!message.values.subarray(0, message.count).every((value, k) => Number.isFinite(value) && catalogue.byNumber(message.parameters[k]!) !== undefined) && 'a value that is none');
      if (wrong !== false) throw new Error(`${wrong}: seed ${seed}, case ${i}, ${damage}`);
    }
    expect(refusedTopics + taken + rejected, `seed ${seed}`).toBe(CASES);
    expect(unit.counters).toMatchObject({ messages: taken + rejected, rejected });
    expect(unit.unknownIds.size).toBeLessThanOrEqual(64);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    state.evaluate(now + CASES);
    expect(state.columns.soc[slot]).toBeGreaterThanOrEqual(0);
  });
});
