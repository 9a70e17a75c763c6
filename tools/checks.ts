import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Check {
  readonly group: 'types' | 'layers' | 'lint';
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

const tsc = (title: string, project: string): Check => ({ group: 'types', title, command: 'tsc', args: ['-p', project] });

/** One type check per layer, the layer rules, and lint. */
export const CHECKS: readonly Check[] = [
  tsc('pure shared code, without Node and DOM', 'shared/tsconfig.json'),
  tsc('shared Node plumbing', 'shared/platform-node/tsconfig.json'),
  tsc('shared store of master data', 'shared/store/tsconfig.json'),
  tsc('core, workers and Node host', 'electron/core/tsconfig.json'),
  tsc('central server', 'server/tsconfig.json'),
  tsc('Electron main and preload', 'electron/main/tsconfig.json'),
  { group: 'types', title: 'renderer', command: 'vue-tsc', args: ['-p', 'renderer/tsconfig.json'] },
  tsc('tools and tests', 'tsconfig.tests.json'),
  { group: 'layers', title: 'who may import whom', command: 'depcruise', args: ['--config', 'build/layer-rules/dependency-cruiser.cjs', 'shared', 'electron', 'renderer/src', 'server'] },
  { group: 'lint', title: 'ESLint', command: 'eslint', args: ['--max-warnings', '0', '.'] },
];

export interface Finished {
  readonly ok: boolean;
  readonly output: string;
  readonly milliseconds: number;
}

/** Runs a command of the project's own packages; never rejects. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, echo = false): Promise<Finished> {
  const started = performance.now();
  const path = `${ROOT}node_modules/.bin:${env['PATH'] ?? ''}`;
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { cwd: ROOT, env: { ...env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (echo) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ ok: false, output: `${output}\n${error.message}`, milliseconds: performance.now() - started }));
    child.on('close', (code) => resolve({ ok: code === 0, output, milliseconds: performance.now() - started }));
  });
}

/** Runs one check and returns its outcome with everything it printed. */
export function runCheck(check: Check): Promise<Finished> {
  return run(check.command, check.args);
}
