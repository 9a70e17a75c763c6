import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { binding } from '#shared/resources/binding.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { unit } from '#shared/resources/unit.ts';
import { verifyAudit } from '#shared/sync/audit.ts';
import { NODE_ID, productArgs } from '#shared/testing/master-data.ts';
import { openTestOperations } from '#shared/testing/operations.ts';

const WRITER = fileURLToPath(new URL('../../../../shared/testing/crash-writer.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the writer until `kill` products were confirmed, kills it without warning, and returns every number it confirmed. */
function writeUntilKilled(first: number, kill: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const confirmed: number[] = [];
    const child = spawn(process.execPath, [WRITER, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      confirmed.push(Number(line));
      if (confirmed.length === kill) child.kill('SIGKILL');
    });
    let signal: NodeJS.Signals | null = null;
    child.on('exit', (_code, by) => (signal = by));
    lines.on('close', () => (signal === 'SIGKILL' || confirmed.length >= kill ? resolve(confirmed) : reject(new Error('the writer ended by itself'))));
  });
}

describe('a process killed while it writes', () => {
  test('loses nothing that was confirmed, stores nothing by half, and the audit chain holds', async () => {
    const confirmed: number[] = [];
    for (const kill of [1, 37, 90, 13]) confirmed.push(...(await writeUntilKilled(confirmed.length * 20 + 1, kill)));

    const operations = openTestOperations(folder);
    const { read } = operations;
    const vins = new Set(read.all(product).map((row) => row.vin));
    expect(confirmed.filter((number) => !vins.has(productArgs(number).values.vin))).toEqual([]);
    expect([read.count(sale), read.count(unit), read.count(binding)]).toEqual([vins.size, vins.size, vins.size]);
    expect(verifyAudit(read.audit(NODE_ID, { after: 0, limit: 100_000 }))).toBeUndefined();
    expect(read.database.pragma('integrity_check', { simple: true })).toBe('ok');
    await operations.close();
  });
});
