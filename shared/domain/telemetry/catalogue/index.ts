export { createCatalogue, STATIC_PARAMETERS, type ParameterCatalogue } from './catalogue.ts';
export { FIRST_ADDITIONAL_NUMBER, LAST_NUMBER, PARAMETER_GROUPS, PARAMETER_KEY_PATTERN, type ParameterEntry, type ParameterGroup, type ParameterKind } from './entry.ts';
export { PARAMETER } from './numbers.ts';
