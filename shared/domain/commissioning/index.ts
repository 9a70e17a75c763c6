export * from './availability.ts';
export * from './bench.ts';
export * from './scan.ts';
