import { AppError } from '#shared/kernel/error.ts';
import { copyDatabase } from './backup.ts';
import { Batch } from './batch.ts';
import type { ReaderReport, ReaderRequest, ReaderValue } from './reader-protocol.ts';
import { TelemetryReader } from './telemetry-reader.ts';

export interface ReaderPort {
  post(report: ReaderReport, transfer: readonly ArrayBuffer[]): void;
  onRequest(listener: (request: ReaderRequest) => void): void;
}

/** Answers queries on a read-only connection of its own, one after the other. */
export function serveTelemetryReader(port: ReaderPort, path: string): void {
  let reader: TelemetryReader | undefined;
  port.onRequest((request) => {
    try {
      reader ??= new TelemetryReader(path);
      const transfer: ArrayBuffer[] = [];
      const value = answer(reader, request, transfer);
      port.post({ id: request.id, value }, transfer);
    } catch (error) {
      const data = error instanceof AppError ? error.toData() : { code: 'internal' as const, message: error instanceof Error ? error.message : String(error) };
      port.post({ id: request.id, error: data }, []);
    }
  });
}

function answer(reader: TelemetryReader, request: ReaderRequest, transfer: ArrayBuffer[]): ReaderValue {
  switch (request.kind) {
    case 'range': {
      const result = reader.readRange(request.query, request.tails);
      for (const series of result.series) transfer.push(series.time.buffer as ArrayBuffer, series.value.buffer as ArrayBuffer);
      return result;
    }
    case 'rows':
      return reader.rows(request.query, request.tail);
    case 'rawRange':
      return reader.rawRange(request.query, request.tail);
    case 'trends':
      return reader.trends(request.query, request.tails);
    case 'check':
      return reader.check(request.cursor);
    case 'sizes':
      return reader.sizes();
    case 'copy':
      return copyDatabase(request.from, request.to);
    case 'raw':
      return reader.readRaw(request.sequence);
    case 'log': {
      const batch = new Batch(request.sizes);
      const { last, damaged } = reader.readLog(request.after, batch);
      transfer.push(batch.buffer);
      return { buffer: batch.buffer, count: batch.count, last, damaged };
    }
  }
}
