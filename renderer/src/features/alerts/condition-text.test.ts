import { describe, expect, test } from 'vitest';
import { conditionInHindi } from '#renderer/ui/messages/core-texts/condition.hi.ts';
import { defaultRules } from '#shared/domain/alerts/index.ts';
import { ruleWords } from '#shared/domain/alerts/condition-words.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';

describe('conditions in Hindi', () => {
  test('have no English word left for any rule of the product', () => {
    const catalogue = createCatalogue();
    const rest = defaultRules([{ id: 'two', wheels: '2W' }, { id: 'three', wheels: '3W' }]).map((rule) => conditionInHindi(ruleWords(rule, catalogue)).match(/\b[a-z]{3,}\b/g)?.filter((word) => !['min', 'rpm'].includes(word))).filter((words) => words !== undefined && words.length > 0);
    expect(rest).toEqual([]);
  });

  test('keep brackets, joints and delays', () => {
    expect(conditionInHindi('Speed above 60 km/h and (Ignition is Off or Gear is not Park), for at least 1 min')).toBe('गति 60 km/h से ऊपर और (इग्निशन: बंद या गियर: पार्क नहीं), कम से कम 1 min तक');
    expect(conditionInHindi('3 times within 24 h: Pack voltage at most 40 V')).toBe('24 h में 3 बार: पैक वोल्टेज अधिकतम 40 V');
  });
});
