import { describe, expect, it } from 'vitest';
import { UnitContext, createProcessor } from '#shared/domain/telemetry/processor/index.ts';
import { encodeCanBinary, encodeCanJson } from '#shared/domain/telemetry/wire/index.ts';
import { NOW, catalogue, demoModels } from './live-traffic.ts';

describe('the live bench', () => {
  it('measures on batches whose frames are all known, the same as JSON and binary', () => {
    const models = demoModels(2);
    const processor = createProcessor({ catalogue, inflate: () => undefined, resolveBus: (unit) => models.find(({ name }) => name === unit.model)?.binding });
    for (const { name, batches } of models) {
      for (const batch of batches) {
        const found = [encodeCanBinary, encodeCanJson].map((encode) => {
          const message = processor.process(new UnitContext({ deviceId: 'D', model: name }), 'can', encode({ ...batch, boot: 1, seq: 1, up: 60 }), NOW + 1000);
          expect(message).toMatchObject({ kind: 'can', quality: 0, frames: 100, unknownFrames: 0, lengthMismatches: 0 });
          return Array.from({ length: message.count }, (_, i) => [message.parameters[i], message.values[i]]);
        });
        expect(found[0]!.length).toBeGreaterThan(60);
        expect(found[1]).toEqual(found[0]);
      }
    }
  });
});
