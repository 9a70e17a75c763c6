import type { z } from 'zod';
import type { ProcedureDefinition, StreamDefinition } from '../rpc/definition.ts';
import { alertsContract } from './alerts.ts';
import { appContract } from './app.ts';
import { auditContract } from './audit.ts';
import { authContract } from './auth.ts';
import { canContract } from './can.ts';
import { commissioningContract } from './commissioning.ts';
import { demoContract } from './demo.ts';
import { datalogContract } from './datalog.ts';
import { fleetContract } from './fleet.ts';
import { historyContract } from './history.ts';
import { importsContract } from './imports.ts';
import { intakeContract } from './intake.ts';
import { logbookContract } from './logbook.ts';
import { placesContract } from './places.ts';
import { resourcesContract } from './resources.ts';
import { settingsContract } from './settings.ts';
import { usersContract } from './users.ts';
import { stationsContract } from './stations.ts';
import { storageContract } from './storage.ts';

/** Grows by one with every change of a schema, access rule or error list; contract.test.ts holds the hash to it. */
export const CONTRACT_VERSION = 33;

/** Everything that a renderer may ask. */
export const contract = { ...appContract, ...authContract, ...usersContract, ...auditContract, ...canContract, ...fleetContract, ...historyContract, ...datalogContract, ...intakeContract, ...settingsContract, ...storageContract, ...alertsContract, ...demoContract, ...placesContract, ...resourcesContract, ...stationsContract, ...importsContract, ...commissioningContract, ...logbookContract };

export type AppContract = typeof contract;
export type ProcedureName = { [K in keyof AppContract]: AppContract[K] extends ProcedureDefinition ? K : never }[keyof AppContract];
export type StreamName = { [K in keyof AppContract]: AppContract[K] extends StreamDefinition ? K : never }[keyof AppContract];
/** What a caller passes. */
export type InputOf<K extends keyof AppContract> = z.input<AppContract[K]['input']>;
/** What a handler receives. */
export type ParsedInputOf<K extends keyof AppContract> = z.output<AppContract[K]['input']>;
export type OutputOf<K extends ProcedureName> = z.output<AppContract[K]['output']>;
export type ItemOf<K extends StreamName> = z.output<AppContract[K]['item']>;
