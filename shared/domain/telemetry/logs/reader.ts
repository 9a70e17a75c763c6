import { DETECTION_BYTES, detectLogFormat, explainUnknown, PARSERS } from './detect.ts';
import { LineSplitter } from './lines.ts';
import { FrameBuffer, type LineParser, type LogFormat, type LogFrame } from './types.ts';

export interface LogReport {
  /** Undefined until enough was read to tell it, or where the file is none. */
  readonly format: LogFormat | undefined;
  readonly lines: number;
  readonly frames: number;
  /** Lines that are neither a frame nor anything else of the format. */
  readonly malformed: number;
  /** The first ten of them. */
  readonly malformedLines: readonly { readonly line: number; readonly text: string }[];
  /** Why the file could not be read at all, as text for people; no line was then counted. */
  readonly problem: string | undefined;
}

export interface LogReader {
  /** Takes the next bytes of the file, of any number. */
  push(chunk: Uint8Array): void;
  /** Takes the last line; returns the final report. */
  end(): LogReport;
  readonly report: LogReport;
}

const KEPT_LINES = 10;

/** Reads a CAN log chunk by chunk and calls `onFrame` for each frame, in file order. Never throws. `format` undefined: it is told from the beginning of the file. */
export function createLogReader(onFrame: (frame: LogFrame) => void, format?: LogFormat): LogReader {
  const frame = new FrameBuffer();
  const state = { format, lines: 0, frames: 0, malformed: 0, malformedLines: [] as { line: number; text: string }[], problem: undefined as string | undefined };
  let parser: LineParser | undefined = format === undefined ? undefined : PARSERS[format]();
  let head = new Uint8Array(0);
  const splitter = new LineSplitter((line) => {
    state.lines++;
    const kind = parser?.parse(line, frame);
    if (kind === 'frame') {
      state.frames++;
      onFrame(frame);
    } else if (kind === 'malformed') {
      state.malformed++;
      if (state.malformedLines.length < KEPT_LINES) state.malformedLines.push({ line: state.lines, text: line.slice(0, 200) });
    }
  });
  const detect = (): void => {
    state.format = detectLogFormat(head);
    if (state.format === undefined) state.problem = head.length === 0 ? 'The file is empty.' : explainUnknown(head);
    else {
      parser = PARSERS[state.format]();
      splitter.push(head);
    }
    head = new Uint8Array(0);
  };
  return {
    push(chunk) {
      if (state.problem !== undefined) return;
      if (parser !== undefined) {
        splitter.push(chunk);
        return;
      }
      const joined = new Uint8Array(head.length + chunk.length);
      joined.set(head);
      joined.set(chunk, head.length);
      head = joined;
      if (head.length >= DETECTION_BYTES) detect();
    },
    end() {
      if (parser === undefined && state.problem === undefined) detect();
      if (parser !== undefined) splitter.end();
      return state;
    },
    get report() {
      return state;
    },
  };
}
