import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { createLogReader, type LogReport } from '#shared/domain/telemetry/logs/reader.ts';
import type { LogFrame } from '#shared/domain/telemetry/logs/types.ts';
import { AppError } from '#shared/kernel/error.ts';

const CHUNK = 1 << 20;

/**
 * Reads a log from end to end, chunk by chunk; `between` runs after each chunk with the share read so far (0–1). Throws AppError
 * not-found or invalid-input where it is none.
 */
export async function readLogFile(path: string, onFrame: (frame: LogFrame) => void, between?: (share: number) => Promise<void>): Promise<LogReport> {
  if (!existsSync(path)) throw new AppError('not-found', `There is no file ${path}.`);
  const { size } = statSync(path);
  if (!statSync(path).isFile()) throw new AppError('invalid-input', `${path} is no file.`);
  const reader = createLogReader(onFrame);
  const file = openSync(path, 'r');
  try {
    const chunk = new Uint8Array(CHUNK);
    for (let at = 0; at < size; ) {
      const length = readSync(file, chunk, 0, CHUNK, at);
      if (length === 0) break;
      at += length;
      reader.push(chunk.subarray(0, length));
      await between?.(at / size);
    }
  } finally {
    closeSync(file);
  }
  const report = reader.end();
  if (report.problem !== undefined) throw new AppError('invalid-input', `${path}: ${report.problem}`);
  if (report.frames === 0) throw new AppError('invalid-input', `${path} holds no CAN frame.`);
  return report;
}
