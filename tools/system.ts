import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of the operating system that tests need and npm cannot bring. */
export interface SystemTool {
  readonly name: string;
  readonly purpose: string;
  readonly candidates: readonly string[];
  readonly debian: string;
  readonly hint: string;
}

export const CHROMIUM: SystemTool = {
  name: 'Chromium',
  purpose: 'browser tests',
  candidates: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  debian: 'chromium',
  hint: 'install Chromium or Google Chrome, or name it in the variable CHROMIUM',
};

export const MOSQUITTO: SystemTool = {
  name: 'Mosquitto',
  purpose: 'tests against a second MQTT broker',
  candidates: ['mosquitto'],
  debian: 'mosquitto',
  hint: 'install the Mosquitto broker (2.0 or newer), or name it in the variable MOSQUITTO',
};

/** Path of the tool, from its variable (CHROMIUM, MOSQUITTO), PATH, or the usual folders; undefined where it is missing. */
export function findTool(tool: SystemTool): string | undefined {
  const named = process.env[tool.name.toUpperCase()];
  if (named && existsSync(named)) return named;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin'];
  for (const candidate of tool.candidates) {
    for (const folder of folders) {
      const path = join(folder, candidate);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

/**
 * The tool's path; where it is missing and this is Debian (or a relative) run by root, it is installed first. Answers
 * undefined, with `say` told what to do, where it can neither be found nor installed.
 */
export function ensureTool(tool: SystemTool, say: (line: string) => void): string | undefined {
  const found = findTool(tool);
  if (found) return found;
  if (process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    say(`${tool.name} is missing; installing Debian's package ${tool.debian} …`);
    const options = { stdio: 'ignore', timeout: 600_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    try {
      execFileSync('apt-get', ['update'], options);
      execFileSync('apt-get', ['install', '-y', '--no-install-recommends', tool.debian], options);
    } catch {
      say(`${tool.name} could not be installed.`);
    }
  }
  const path = findTool(tool);
  if (!path) say(`${tool.name} is missing (needed for ${tool.purpose}): ${tool.hint}.`);
  return path;
}
