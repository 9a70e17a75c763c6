import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('rotating file', () => {
  it('keeps the newest lines in a bounded number of files', () => {
    const path = join(folder, 'console.log');
    const file = rotatingFile(path, 30, 2);
    for (let n = 1; n <= 20; n++) file.write(`line ${String(n).padStart(2, '0')}!`);
    file.dispose();
    expect(readdirSync(folder).sort()).toEqual(['console.log', 'console.log.1', 'console.log.2']);
    expect(readFileSync(`${path}.2`, 'utf8') + readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8')).toBe('line 13!\nline 14!\nline 15!\nline 16!\nline 17!\nline 18!\nline 19!\nline 20!\n');
  });

  it('goes on where an earlier run ended', () => {
    const path = join(folder, 'console.log');
    for (const text of ['one', 'two']) {
      const file = rotatingFile(path, 1000, 1);
      file.write(text);
      file.dispose();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('counts what could not be written instead of failing', () => {
    const file = rotatingFile(join(folder, 'console.log'), 1000, 1);
    file.dispose();
    file.write('too late');
    expect(file.lost).toBe(1);
  });
});
