import { expect, test } from 'vitest';
import { FEATURE_NAMES, FEATURES_AT_HAND, type Feature } from '#shared/domain/features/features.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import type { ModuleDefinition } from './define-module.ts';
import { MODULES } from './modules.ts';

test('the parts at hand are those that a module, a page or a field asks for', () => {
  const asked = new Set<Feature | undefined>([
    ...MODULES.flatMap((module: ModuleDefinition) => [module.feature, ...module.routes.map(({ meta }) => meta?.feature), ...(module.tabs ?? []).map(({ feature }) => feature)]),
    ...RESOURCES.flatMap((resource) => Object.values(resource.fields).map(({ feature }) => feature)),
  ]);
  expect(FEATURE_NAMES.filter((name) => asked.has(name))).toEqual(FEATURES_AT_HAND);
});
