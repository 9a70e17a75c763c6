export * from './charges.ts';
export * from './fixes.ts';
export * from './record-words.ts';
export * from './silence.ts';
export * from './stays.ts';
export * from './steps.ts';
export * from './thin.ts';
export * from './track.ts';
