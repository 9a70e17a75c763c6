import type { DbcLibrary, LibraryFile } from '#core/app/dbc-library.ts';
import type { FleetDirectory } from '#core/store/operations/directory/directory.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import type { DbcFileRow } from '#shared/contract/can.ts';
import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { diffDbc, type DbcDifference } from '#shared/domain/telemetry/dbc/diff.ts';
import { dbcHash } from '#shared/domain/telemetry/dbc/hash.ts';
import type { DbcDatabase, DbcSignal } from '#shared/domain/telemetry/dbc/model.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { dbcFileId, signalMapId } from '#shared/sync/mutators/can.ts';

export interface DbcServices {
  readonly library: DbcLibrary;
  readonly operations: Operations;
  readonly directory: FleetDirectory;
  readonly catalogue: ParameterCatalogue;
}

type DbcKey = 'can.database' | 'dbc.list' | 'dbc.get' | 'dbc.check' | 'dbc.add' | 'dbc.remove' | 'dbc.compare' | 'dbc.assign' | 'signalMaps.get' | 'signalMaps.set' | 'signalMaps.remove';

const signalCount = (database: DbcDatabase): number => database.messages.reduce((sum, message) => sum + message.signals.length, 0);

/** A difference without members that are undefined, as it travels. */
function difference({ kind, message, id, extended, signal, changes, affectsValues }: DbcDifference) {
  return {
    kind, message, id, extended, affectsValues,
    ...(signal === undefined ? {} : { signal }),
    changes: changes.map(({ field, before, after }) => ({ field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })),
  };
}

function multiplexingText({ multiplexor, multiplexing }: DbcSignal): string | undefined {
  const selected = multiplexing && `${multiplexing.selector} = ${multiplexing.ranges.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(', ')}`;
  return multiplexor ? (selected ? `multiplexor, ${selected}` : 'multiplexor') : selected;
}

/** Handlers of DBC files, signal maps and their assignment to models. */
export function dbcHandlers({ library, operations, directory, catalogue }: DbcServices): Pick<Handlers<AppContract, Principal>, DbcKey> {
  function file(hash: string): LibraryFile {
    const found = library.file(hash);
    if (!found) throw new AppError('not-found', 'This DBC file is not at hand.', { hash });
    return found;
  }

  function databaseOf(hash: string): DbcDatabase {
    const { fileName } = file(hash);
    const parsed = library.parsed(hash);
    if (!parsed) throw new AppError('not-found', `${fileName} cannot be read any more. Put the file back, or add it again.`, { hash });
    return parsed.database;
  }

  /** Length of a file; 0 for one that was taken out of its folder. */
  function lengthOf(bytes: LibraryFile['bytes']): number {
    try {
      return bytes().length;
    } catch {
      return 0;
    }
  }

  function rowOf({ hash, fileName, source, bytes, row }: LibraryFile): DbcFileRow {
    const parsed = library.parsed(hash);
    return {
      hash, fileName, source,
      bytes: lengthOf(bytes),
      messages: parsed?.database.messages.length ?? 0,
      signals: parsed === undefined ? 0 : signalCount(parsed.database),
      // A file that cannot be read is listed with that one error.
      errors: parsed === undefined ? 1 : parsed.diagnostics.filter(({ severity }) => severity === 'error').length,
      warnings: parsed?.diagnostics.filter(({ severity }) => severity === 'warning').length ?? 0,
      ...(row?.note === undefined ? {} : { note: row.note }),
      ...(row === undefined ? {} : { addedAt: row.createdAt }),
      usedBy: directory.models().flatMap((model) => model.dbc.filter((entry) => entry.hash === hash).map(({ bus }) => ({ modelId: model.id, model: model.name, bus }))),
    };
  }

  return {
    'can.database': ({ hash, signalMap }) => ({ hash, fileName: file(hash).fileName, content: Uint8Array.from(file(hash).bytes()), parameters: [...(library.mapOf(hash, signalMap)?.signals ?? [])] }),

    'dbc.list': () => ({
      files: library.files().map(rowOf),
      signalMaps: library.maps().map(({ name, signals, source, row }) => ({ name, signals: signals.length, source, ...(row === undefined ? {} : { signalMapId: row.id }) })),
      models: directory.models().map(({ id, name, revision, dbc }) => ({ modelId: id, name, revision, dbc: [...dbc] })),
    }),

    'dbc.get': ({ hash }) => ({
      file: rowOf(file(hash)),
      diagnostics: [...(library.parsed(hash)?.diagnostics ?? [])],
      messages: databaseOf(hash).messages.map((message) => ({
        id: message.id,
        extended: message.extended,
        name: message.name,
        length: message.length,
        ...(message.cycleTime === undefined ? {} : { cycleTime: message.cycleTime }),
        ...(message.comment === undefined ? {} : { comment: message.comment }),
        signals: message.signals.map((signal) => {
          const multiplexing = multiplexingText(signal);
          return {
            name: signal.name, unit: signal.unit, start: signal.start, length: signal.length, byteOrder: signal.byteOrder, scale: signal.scale, offset: signal.offset,
            ...(signal.minimum === undefined ? {} : { minimum: signal.minimum }),
            ...(signal.maximum === undefined ? {} : { maximum: signal.maximum }),
            ...(multiplexing === undefined ? {} : { multiplexing }),
            choices: signal.choices?.length ?? 0,
            ...(signal.comment === undefined ? {} : { comment: signal.comment }),
          };
        }),
      })),
    }),

    'dbc.check': ({ fileName, content, compareWith, signalMap }) => {
      const hash = dbcHash(content);
      const { database, diagnostics } = parseDbc(content);
      const sameName = library.files().filter((entry) => entry.fileName.toLowerCase() === fileName.toLowerCase() && entry.hash !== hash);
      const before = compareWith === undefined ? sameName.at(-1) : file(compareWith);
      const names = new Set(database.messages.flatMap((message) => message.signals.map((signal) => `${message.name}.${signal.name}`)));
      const mapped = (signalMap === undefined ? (before && library.mapOf(before.hash, undefined)) : library.map(signalMap))?.signals.map((entry) => `${entry.message}.${entry.signal}`) ?? [];
      return {
        hash,
        known: library.file(hash) !== undefined,
        messages: database.messages.length,
        signals: signalCount(database),
        diagnostics: [...diagnostics],
        ...(before === undefined ? {} : { comparedWith: { hash: before.hash, fileName: before.fileName } }),
        differences: before === undefined ? [] : diffDbc(databaseOf(before.hash), database).map(difference),
        missingSignals: mapped.filter((name) => !names.has(name)),
        mappedSignals: mapped.filter((name) => names.has(name)).length,
      };
    },

    'dbc.add': async ({ fileName, content, note }, context) => {
      const { database, diagnostics } = parseDbc(content);
      if (database.messages.length === 0) {
        const first = diagnostics.find(({ severity }) => severity === 'error');
        throw new AppError('refused', `No message could be read from ${fileName}${first ? ` (line ${first.line}: ${first.message})` : ''}. Check that it is a DBC file.`);
      }
      const hash = dbcHash(content);
      if (library.file(hash)) throw new AppError('not-unique', `This file, byte for byte, is here already as ${file(hash).fileName}.`, { hash });
      await operations.mutate(principalOf(context), 'dbc-file.add', { values: { hash, fileName, content: Buffer.from(content).toString('base64'), ...(note === undefined || note === '' ? {} : { note }) } });
      return { hash };
    },

    'dbc.remove': async ({ hash }, context) => {
      const { source, fileName } = file(hash);
      if (source !== 'installation') throw new AppError('refused', source === 'product' ? `${fileName} comes with the product and stays.` : `${fileName} lies in the data folder. Remove it there, then start the application again.`);
      await operations.mutate(principalOf(context), 'dbc-file.remove', { id: dbcFileId(hash) });
      return {};
    },

    'dbc.compare': ({ before, after }) => ({ differences: diffDbc(databaseOf(before), databaseOf(after)).map(difference) }),

    'dbc.assign': async ({ modelId, revision, dbc }, context) => {
      for (const entry of dbc) {
        if (!library.file(entry.hash)) throw new AppError('refused', `${entry.fileName} is not at hand. Add the file first.`, { hash: entry.hash });
        if (entry.signalMap !== undefined && !library.map(entry.signalMap)) throw new AppError('refused', `There is no signal map ${entry.signalMap}.`);
        if ((entry.validTo ?? Number.POSITIVE_INFINITY) <= (entry.validFrom ?? 0)) throw new AppError('refused', `The assignment of ${entry.fileName} to bus ${entry.bus} ends before it begins.`);
      }
      const result = await operations.mutate(principalOf(context), 'vehicle-model.update', { id: modelId, edit: { set: { dbc } } }, { basedOn: { [`vehicle-model:${modelId}`]: revision } });
      return { revision: result.revision };
    },

    'signalMaps.get': ({ name }) => {
      const map = library.map(name);
      if (!map) throw new AppError('not-found', `There is no signal map ${name}.`);
      return { signals: [...map.signals] };
    },

    'signalMaps.set': async ({ name, signals }, context) => {
      const seen = new Set<string>();
      for (const { message, signal, parameter } of signals) {
        if (catalogue.byKey(parameter) === undefined) throw new AppError('invalid-input', `“${parameter}” of ${message}.${signal} is not in the parameter catalogue. Add it there first.`);
        if (seen.has(`${message}.${signal}`)) throw new AppError('invalid-input', `${message}.${signal} is in the map twice.`);
        seen.add(`${message}.${signal}`);
      }
      await operations.mutate(principalOf(context), 'signal-map.set', { values: { name, signals } });
      return {};
    },

    'signalMaps.remove': async ({ name }, context) => {
      if (library.map(name)?.source !== 'installation') throw new AppError('not-found', `The installation has no signal map ${name} of its own.`);
      await operations.mutate(principalOf(context), 'signal-map.remove', { id: signalMapId(name) });
      return {};
    },
  };
}
