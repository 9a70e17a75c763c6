import { z } from 'zod';
import { FIRST_ADDITIONAL_NUMBER, STATIC_PARAMETERS } from '../../domain/telemetry/catalogue/index.ts';
import { AppError } from '../../kernel/error.ts';
import { uuidv5 } from '../../kernel/ids.ts';
import { dbcFile } from '../../resources/dbc-file.ts';
import { parameter } from '../../resources/parameter.ts';
import { createSchema, editSchema, patchOf } from '../../resources/schemas.ts';
import { signalMap } from '../../resources/signal-map.ts';
import { vehicleModel } from '../../resources/vehicle-model.ts';
import { defineMutator } from '../mutator.ts';
import { fieldError, requireFullScope } from './rules.ts';

/** Id of a DBC file by its content; two nodes that add the same file add one row. */
export const dbcFileId = (hash: string): string => uuidv5(`dbc-file:${hash}`);
export const signalMapId = (name: string): string => uuidv5(`signal-map:${name.trim().toLowerCase()}`);

export const addDbcFile = defineMutator({
  name: 'dbc-file.add',
  args: z.strictObject({ values: createSchema(dbcFile) }),
  access: 'admin.write',
  label: 'Added a DBC file',
  async run(tx, { values }, { principal }) {
    requireFullScope(principal);
    const id = dbcFileId(values.hash);
    if ((await tx.get(dbcFile, id)) !== undefined) throw new AppError('not-unique', 'This file, byte for byte, is here already.', { resource: 'dbc-file', id });
    await tx.insert(dbcFile, id, values);
    return { id };
  },
});

export const removeDbcFile = defineMutator({
  name: 'dbc-file.remove',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Removed a DBC file',
  async run(tx, { id }, { principal }) {
    requireFullScope(principal);
    const file = await tx.need(dbcFile, id);
    const user = (await tx.find(vehicleModel, {})).find((model) => model.dbc.some((entry) => entry.hash === file.hash));
    if (user !== undefined) throw new AppError('refused', `${file.fileName} decodes buses of ${user.name}. Assign another file there first.`, { resource: 'dbc-file', usedBy: 'vehicle-model', usedById: user.id });
    await tx.delete(dbcFile, id);
    return { id };
  },
});

/** Sets a signal map as a whole. */
export const setSignalMap = defineMutator({
  name: 'signal-map.set',
  args: z.strictObject({ values: createSchema(signalMap) }),
  access: 'admin.write',
  label: 'Changed a signal map',
  async run(tx, { values }, { principal }) {
    requireFullScope(principal);
    const id = signalMapId(values.name);
    if ((await tx.get(signalMap, id)) === undefined) await tx.insert(signalMap, id, values);
    else await tx.update(signalMap, id, { signals: values.signals });
    return { id };
  },
});

export const removeSignalMap = defineMutator({
  name: 'signal-map.remove',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Removed a signal map',
  async run(tx, { id }, { principal }) {
    requireFullScope(principal);
    const map = await tx.need(signalMap, id);
    const user = (await tx.find(vehicleModel, {})).find((model) => model.dbc.some((entry) => entry.signalMap?.toLowerCase() === map.name.toLowerCase()));
    if (user !== undefined) throw new AppError('refused', `Signal map ${map.name} is used by ${user.name}. Choose another there first.`, { resource: 'signal-map', usedBy: 'vehicle-model', usedById: user.id });
    await tx.delete(signalMap, id);
    return { id };
  },
});

export const addParameter = defineMutator({
  name: 'parameter.create',
  args: z.strictObject({ id: z.uuid().optional(), values: createSchema(parameter) }),
  access: 'admin.write',
  label: 'Added a parameter',
  async run(tx, { id, values }, context) {
    requireFullScope(context.principal);
    const own = STATIC_PARAMETERS.find((entry) => entry.number === values.number);
    if (own === undefined && values.number < FIRST_ADDITIONAL_NUMBER) throw fieldError('number', `Numbers below ${FIRST_ADDITIONAL_NUMBER} belong to the product.`);
    if (own !== undefined && own.key !== values.key) throw fieldError('key', `Number ${own.number} is “${own.key}”.`);
    if (own === undefined && STATIC_PARAMETERS.some((entry) => entry.key === values.key || entry.aliases?.includes(values.key))) throw fieldError('key', 'A parameter of the product has this key.');
    if ((await tx.find(parameter, { number: values.number }, { limit: 1 })).length > 0) throw fieldError('number', 'Another parameter has this number.');
    if (values.min !== undefined && values.max !== undefined && values.min > values.max) throw fieldError('max', 'Not below the lower end.');
    const row = await tx.insert(parameter, id ?? context.newId(), values);
    return { id: row.id };
  },
});

export const updateParameter = defineMutator({
  name: 'parameter.update',
  args: z.strictObject({ id: z.uuid(), edit: editSchema(parameter) }),
  access: 'admin.write',
  label: 'Changed a parameter',
  async run(tx, { id, edit }, { principal }) {
    requireFullScope(principal);
    const row = await tx.update(parameter, id, patchOf<typeof parameter.fields>(edit));
    if (row.min !== undefined && row.max !== undefined && row.min > row.max) throw fieldError('max', 'Not below the lower end.');
    return { id, revision: row.revision };
  },
});

/** Gives a parameter of the product its own range back; what an installation added is kept, for records name it. */
export const resetParameter = defineMutator({
  name: 'parameter.reset',
  args: z.strictObject({ id: z.uuid() }),
  access: 'admin.write',
  label: 'Reset a parameter',
  async run(tx, { id }, { principal }) {
    requireFullScope(principal);
    const row = await tx.need(parameter, id);
    if (row.number >= FIRST_ADDITIONAL_NUMBER) throw new AppError('refused', 'Stored records name this parameter by its number, so it stays. Take it out of the signal maps to stop using it.', { resource: 'parameter', id });
    await tx.delete(parameter, id);
    return { id };
  },
});
