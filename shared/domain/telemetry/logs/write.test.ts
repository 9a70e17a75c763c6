import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogReader } from './reader.ts';
import { createLogWriter, type LogWriteFormat, type WrittenFrame } from './write.ts';

const STARTED = Date.UTC(2026, 5, 1, 6, 30);
const FD_LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

const frames = (fd: boolean, remote: boolean): fc.Arbitrary<WrittenFrame[]> =>
  fc.array(
    fc
      .record({ dt: fc.integer({ min: 0, max: 3_600_000_000 }), bus: fc.integer({ min: 0, max: 3 }), extended: fc.boolean(), raw: fc.nat(0x1fffffff), flexible: fc.boolean(), rtr: fc.boolean(), pick: fc.nat(15), bytes: fc.uint8Array({ minLength: 64, maxLength: 64 }) })
      .map(({ dt, bus, extended, raw, flexible, rtr, pick, bytes }) => {
        const isFd = fd && flexible;
        const isRemote = remote && rtr && !isFd;
        const length = isRemote ? 0 : isFd ? (FD_LENGTHS[pick] ?? 0) : Math.min(8, pick);
        return { timeUs: STARTED * 1000 + dt, bus, id: extended ? 0x800 + (raw % 0x1ffff800) : raw % 0x800, extended, fd: isFd, rtr: isRemote, error: false, data: bytes.slice(0, length) };
      }),
    { minLength: 1, maxLength: 50 },
  );

function roundTrip(format: LogWriteFormat, written: readonly WrittenFrame[]): unknown[] {
  const writer = createLogWriter(format, STARTED);
  const read: unknown[] = [];
  const reader = createLogReader((frame) => read.push({ timeUs: frame.timeUs, bus: frame.bus, id: frame.id, extended: frame.extended, fd: frame.fd, rtr: frame.rtr, error: frame.error, data: [...frame.data] }), format);
  reader.push(new TextEncoder().encode(writer.header + written.map((frame) => writer.line(frame)).join('') + writer.footer));
  const report = reader.end();
  expect(report.malformedLines).toEqual([]);
  return read;
}

const expected = (written: readonly WrittenFrame[], over: (frame: WrittenFrame) => object) => written.map((frame) => ({ ...frame, data: [...frame.data], ...over(frame) }));

describe('a log that was written', () => {
  it('is read back as candump', () => {
    fc.assert(fc.property(frames(true, true), (written) => {
      expect(roundTrip('candump', written)).toEqual(expected(written, () => ({})));
    }));
  });

  it('is read back as ASC, times from the beginning, buses from 1', () => {
    fc.assert(fc.property(frames(true, true), (written) => {
      expect(roundTrip('asc', written)).toEqual(expected(written, (frame) => ({ bus: frame.bus + 1, timeUs: frame.timeUs - STARTED * 1000 })));
    }));
  });

  it('is read back as CRTD, buses from 1', () => {
    fc.assert(fc.property(frames(false, false), (written) => {
      expect(roundTrip('crtd', written)).toEqual(expected(written, (frame) => ({ bus: frame.bus + 1 })));
    }));
  });

  it('keeps error frames', () => {
    const error: WrittenFrame = { timeUs: STARTED * 1000 + 5, bus: 0, id: 4, extended: false, fd: false, rtr: false, error: true, data: new Uint8Array(8) };
    expect(roundTrip('candump', [error])).toMatchObject([{ error: true, id: 4 }]);
    expect(roundTrip('asc', [error])).toMatchObject([{ error: true }]);
  });
});
