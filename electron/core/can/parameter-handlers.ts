import type { Operations } from '#core/store/operations/operations.ts';
import type { ParameterCatalogueRow } from '#shared/contract/can.ts';
import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { createCatalogue, FIRST_ADDITIONAL_NUMBER, STATIC_PARAMETERS, type ParameterCatalogue, type ParameterEntry } from '#shared/domain/telemetry/catalogue/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { parameter, type ParameterRow } from '#shared/resources/parameter.ts';

/** A row as an entry of the catalogue. */
function entryOf(row: ParameterRow): ParameterEntry {
  return {
    number: row.number, key: row.key, label: row.label, unit: row.unit ?? '', group: row.unitGroup, kind: row.kind, decimals: row.decimals, deadBand: row.deadBand, storagePeriod: row.storagePeriod,
    ...(row.min === undefined ? {} : { min: row.min }),
    ...(row.max === undefined ? {} : { max: row.max }),
    ...(row.choices === undefined ? {} : { choices: row.choices }),
    ...(row.vss === undefined ? {} : { vss: row.vss }),
  };
}

/** An entry of the product with what an installation may change of it: label, normal range, and how densely it is stored. */
function changed(entry: ParameterEntry, row: ParameterRow): ParameterEntry {
  const { min: _min, max: _max, ...rest } = entry;
  return { ...rest, label: row.label, deadBand: row.deadBand, storagePeriod: row.storagePeriod, ...(row.min === undefined ? {} : { min: row.min }), ...(row.max === undefined ? {} : { max: row.max }) };
}

/** The catalogue of an installation: the product's parameters with its changes, and those it added. */
export function installationCatalogue(operations: Pick<Operations, 'read'>): ParameterCatalogue {
  const rows = operations.read.all(parameter);
  const changes = new Map(rows.filter((row) => row.number < FIRST_ADDITIONAL_NUMBER).map((row) => [row.number, row]));
  const fixed = STATIC_PARAMETERS.map((entry) => {
    const row = changes.get(entry.number);
    return row ? changed(entry, row) : entry;
  });
  return createCatalogue(fixed, rows.filter((row) => row.number >= FIRST_ADDITIONAL_NUMBER).map(entryOf));
}

function listed(entry: ParameterEntry, row: ParameterRow | undefined): ParameterCatalogueRow {
  const { number, key, label, unit, group, kind, decimals, min, max, deadBand, storagePeriod, choices, vss } = entry;
  return {
    number, key, label, unitGroup: group, kind, decimals, deadBand, storagePeriod,
    source: row === undefined ? 'product' : number < FIRST_ADDITIONAL_NUMBER ? 'changed' : 'installation',
    ...(row === undefined ? {} : { parameterId: row.id }),
    ...(unit === '' ? {} : { unit }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(choices === undefined ? {} : { choices: { ...choices } }),
    ...(vss === undefined ? {} : { vss }),
  };
}

type ParameterKey = 'parameters.list' | 'parameters.save' | 'parameters.reset';

/** Handlers of the parameter catalogue. `catalogue` is the one the core runs with; rows that differ from it wait for the next opening. */
export function parameterHandlers(operations: Operations, catalogue: ParameterCatalogue): Pick<Handlers<AppContract, Principal>, ParameterKey> {
  return {
    'parameters.list': () => {
      const rows = new Map(operations.read.all(parameter).map((row) => [row.number, row]));
      const stored = installationCatalogue(operations);
      const differs = (entry: ParameterEntry): boolean => JSON.stringify(entry) !== JSON.stringify(catalogue.byNumber(entry.number));
      return {
        parameters: stored.entries.map((entry) => listed(entry, rows.get(entry.number))),
        pending: stored.entries.filter(differs).length,
        nextNumber: Math.max(FIRST_ADDITIONAL_NUMBER, stored.highestNumber + 1),
      };
    },

    'parameters.save': async ({ values }, context) => {
      const principal = principalOf(context);
      const [row] = operations.read.all(parameter).filter(({ number }) => number === values.number);
      if (!row) {
        const { kind, ...rest } = values;
        if (kind === 'text' && values.number >= FIRST_ADDITIONAL_NUMBER) throw new AppError('invalid-input', 'A DBC signal is a number; choose another kind.');
        // A text of the product has no range; its row keeps label and storage alone.
        const result = await operations.mutate(principal, 'parameter.create', { values: { ...rest, kind: kind === 'text' ? 'state' : kind } });
        return { parameterId: result.id };
      }
      const { number: _number, key: _key, kind: _kind, ...set } = values;
      const emptied = (['unit', 'min', 'max', 'choices', 'vss'] as const).filter((key) => set[key] === undefined && row[key] !== undefined);
      await operations.mutate(principal, 'parameter.update', { id: row.id, edit: { set, clear: emptied } });
      return { parameterId: row.id };
    },

    'parameters.reset': async ({ parameterId }, context) => {
      await operations.mutate(principalOf(context), 'parameter.reset', { id: parameterId });
      return {};
    },
  };
}
