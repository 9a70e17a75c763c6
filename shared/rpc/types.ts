import type { z } from 'zod';
import type { Contract, ProcedureDefinition, StreamDefinition } from './definition.ts';

/** Names of the procedures of a contract. */
export type ProcedureKey<C extends Contract> = { [K in keyof C]: C[K] extends ProcedureDefinition ? K : never }[keyof C] & string;
/** Names of the streams of a contract. */
export type StreamKey<C extends Contract> = { [K in keyof C]: C[K] extends StreamDefinition ? K : never }[keyof C] & string;

/** What a caller passes to `name`. */
export type InputOf<C extends Contract, K extends keyof C> = z.input<C[K]['input']>;
/** What the handler of `name` receives. */
export type ParsedInputOf<C extends Contract, K extends keyof C> = z.output<C[K]['input']>;
export type OutputOf<C extends Contract, K extends keyof C> = C[K] extends ProcedureDefinition ? z.output<C[K]['output']> : never;
export type ItemOf<C extends Contract, K extends keyof C> = C[K] extends StreamDefinition ? z.output<C[K]['item']> : never;
