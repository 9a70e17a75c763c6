import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { type Log, SILENT_LOG } from '#shared/kernel/ports.ts';
import type { DbcAssignment, VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import { DbcLibrary } from './dbc-library.ts';

const library = new DbcLibrary({ resourcesFolder: join(import.meta.dirname, '../../../resources'), dataFolder: '/nowhere', catalogue: createCatalogue(), log: SILENT_LOG });
const [first, second] = library.files().map(({ hash }) => hash) as [string, string];
const model = (...dbc: DbcAssignment[]): VehicleModelRow => ({ id: 'm', revision: 1, createdAt: 0, updatedAt: 0, name: 'M', wheels: '2W', batteryModels: [], dbc });
const entry = (hash: string, over: Partial<DbcAssignment> = {}): DbcAssignment => ({ bus: 0, hash, fileName: 'f.dbc', ...over });
const ask = (of: VehicleModelRow | undefined, over: { named?: string; software?: string; at?: number; bus?: number } = {}) => library.assigned({ model: of, bus: over.bus ?? 0, named: over.named, software: over.software, at: over.at ?? 1000 })?.hash;

describe('which DBC file decodes a bus', () => {
  it('is the one that the model has for it, also where the unit names another', () => {
    expect(ask(model(entry(first)))).toBe(first);
    expect(ask(model(entry(first)), { named: second })).toBe(first);
    expect(ask(model(entry(first)), { bus: 1 })).toBeUndefined();
  });

  it('is the one the unit names, where its model has several or none', () => {
    expect(ask(model(entry(first), entry(second)), { named: second })).toBe(second);
    expect(ask(undefined, { named: second.replace('sha256:', '') })).toBe(second);
    expect(ask(undefined, { named: `sha256:${'0'.repeat(64)}` })).toBeUndefined();
  });

  it('holds from its beginning up to its end, the later beginning first', () => {
    const of = model(entry(first), entry(second, { validFrom: 1000, validTo: 2000 }));
    expect([999, 1000, 1999, 2000].map((at) => ask(of, { at }))).toEqual([first, second, second, first]);
  });

  it('holds for a range of unit software before one for any', () => {
    const of = model(entry(first), entry(second, { softwareFrom: '2.0', softwareTo: '2.9' }));
    expect(['1.9', '2.0', '2.9', '2.10', undefined].map((software) => ask(of, software === undefined ? {} : { software }))).toEqual([first, second, second, first, first]);
  });
});

describe('what lies in the data folder', () => {
  it('does not keep the program from starting or a bus from being looked at, however broken it is', () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'dbc-'));
    try {
      mkdirSync(join(dataFolder, 'dbc', 'folder.dbc'), { recursive: true });
      writeFileSync(join(dataFolder, 'dbc', 'signal-map.json'), '{"version": 1, "maps":');
      writeFileSync(join(dataFolder, 'dbc', 'own.dbc'), 'VERSION ""\n');
      const problems: unknown[] = [];
      const log: Log = { write: (_level, message) => void problems.push(message), child: () => log };
      const own = new DbcLibrary({ resourcesFolder: join(import.meta.dirname, '../../../resources'), dataFolder, catalogue: createCatalogue(), log });
      expect(problems).toEqual(['a signal map cannot be read', 'a DBC file cannot be read']);
      const file = own.files().find(({ fileName }) => fileName === 'own.dbc')!;
      rmSync(join(dataFolder, 'dbc', 'own.dbc'));
      expect([own.maps().length > 0, own.binding(file.hash, undefined)]).toEqual([true, undefined]);
      // A bench check asks every second.
      problems.length = 0;
      expect([own.parsed(file.hash), own.parsed(file.hash), problems]).toEqual([undefined, undefined, []]);
      writeFileSync(join(dataFolder, 'dbc', 'own.dbc'), 'VERSION ""\n');
      own.refresh();
      expect(own.parsed(file.hash)).toBeDefined();
    } finally {
      rmSync(dataFolder, { recursive: true, force: true });
    }
  });
});
