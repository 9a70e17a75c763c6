import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latOf, lonOf, mercatorX, mercatorY } from './mercator.ts';
import { PickGrid } from './pick-grid.ts';
import { PIN_BYTES, PinBuffer, type PinColumns } from './pin-columns.ts';
import { pinRadius } from './pin-renderer.ts';
import { distanceAtlas, PIN_SHAPES, shapeDistance, shapePath, TILE_EXTENT, TILE_SIZE } from './pin-shapes.ts';

function columns(rows: readonly { lat: number; lon: number; status?: number; heading?: number; visible?: boolean }[]): PinColumns {
  return {
    count: rows.length,
    lat: Float64Array.from(rows, (row) => row.lat),
    lon: Float64Array.from(rows, (row) => row.lon),
    status: Uint8Array.from(rows, (row) => row.status ?? 0),
    heading: Float32Array.from(rows, (row) => row.heading ?? Number.NaN),
    visible: Uint8Array.from(rows, (row) => (row.visible === false ? 0 : 1)),
  };
}
const row = fc.record({ lat: fc.double({ min: 6, max: 36, noNaN: true }), lon: fc.double({ min: 68, max: 97, noNaN: true }), status: fc.integer({ min: 0, max: 6 }), visible: fc.boolean() });

describe('mercator', () => {
  it('comes back to where it started', () => {
    fc.assert(fc.property(fc.double({ min: -85, max: 85, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), (lat, lon) => {
      expect(latOf(mercatorY(lat))).toBeCloseTo(lat, 9);
      expect(lonOf(mercatorX(lon))).toBeCloseTo(lon, 9);
    }));
  });
});

describe('pin buffer', () => {
  it('keeps positions to a centimetre through two single floats each', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), (rows) => {
      const buffer = new PinBuffer();
      buffer.update(columns(rows), 6);
      const floats = new Float32Array(buffer.bytes.buffer);
      rows.forEach((each, i) => {
        if (!each.visible || each.status >= 6) return expect(buffer.shown[i]).toBe(0);
        const at = (i * PIN_BYTES) / 4;
        // The world is 40,075 km around.
        expect(Math.abs(floats[at]! + floats[at + 2]! - mercatorX(each.lon)) * 40_075_000).toBeLessThan(0.01);
        expect(Math.abs(floats[at + 1]! + floats[at + 3]! - mercatorY(each.lat)) * 40_075_000).toBeLessThan(0.01);
        return undefined;
      });
    }));
  });

  it('uploads only the span of rows that changed and nothing when nothing did', () => {
    const buffer = new PinBuffer();
    const pins = columns(Array.from({ length: 100 }, (_, i) => ({ lat: 10 + i / 100, lon: 77 })));
    expect(buffer.update(pins, 6)).toMatchObject({ from: 0, to: 100 });
    expect(buffer.update(pins, 6)).toEqual({ from: 0, to: 0, grown: false });
    pins.lat[40] = 11;
    pins.status[43] = 3;
    pins.heading[45] = 90;
    expect(buffer.update(pins, 6)).toEqual({ from: 40, to: 46, grown: false });
  });

  it('ends in the same state however the rows arrived there', () => {
    const states = fc.array(fc.array(row, { minLength: 0, maxLength: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(states, (steps) => {
      const through = new PinBuffer();
      for (const step of steps) through.update(columns(step), 6);
      const direct = new PinBuffer();
      const last = steps.at(-1)!;
      direct.update(columns(last), 6);
      expect(through.count).toBe(direct.count);
      last.forEach((_, i) => {
        expect(through.shown[i]).toBe(direct.shown[i]);
        if (direct.shown[i] === 0) return;
        expect([...through.bytes.subarray(i * PIN_BYTES, (i + 1) * PIN_BYTES)]).toEqual([...direct.bytes.subarray(i * PIN_BYTES, (i + 1) * PIN_BYTES)]);
        expect([through.x[i], through.y[i]]).toEqual([direct.x[i], direct.y[i]]);
      });
    }));
  });

  it('does not draw a row without position, with an unknown status or hidden', () => {
    const buffer = new PinBuffer();
    buffer.update(columns([{ lat: Number.NaN, lon: 77 }, { lat: 12, lon: 77, status: 9 }, { lat: 12, lon: 77, visible: false }, { lat: 12, lon: 77 }]), 6);
    expect([...buffer.shown.subarray(0, 4)]).toEqual([0, 0, 0, 1]);
  });

  it('does not allocate again for as many rows', () => {
    const buffer = new PinBuffer();
    const pins = columns(Array.from({ length: 500 }, () => ({ lat: 12, lon: 77 })));
    expect(buffer.update(pins, 6).grown).toBe(true);
    const before = buffer.bytes;
    pins.lat.fill(13);
    expect(buffer.update(pins, 6).grown).toBe(false);
    expect(buffer.bytes).toBe(before);
  });
});

describe('pick grid', () => {
  it('finds the pin that a search of all pins finds', () => {
    const near = fc.record({ lat: fc.double({ min: 12.9, max: 13, noNaN: true }), lon: fc.double({ min: 77.5, max: 77.6, noNaN: true }), visible: fc.boolean() });
    fc.assert(fc.property(fc.array(near, { maxLength: 200 }), near, fc.double({ min: 1e-8, max: 1e-4, noNaN: true }), (rows, at, radius) => {
      const buffer = new PinBuffer();
      buffer.update(columns(rows), 6);
      const [x, y] = [mercatorX(at.lon), mercatorY(at.lat)];
      let best = -1;
      let nearest = radius;
      rows.forEach((each, i) => {
        const distance = Math.hypot(mercatorX(each.lon) - x, mercatorY(each.lat) - y);
        if (each.visible && distance < nearest) [best, nearest] = [i, distance];
      });
      const found = new PickGrid().nearest(buffer, x, y, radius);
      if (best < 0) expect(found).toBe(-1);
      else expect(Math.hypot(buffer.x[found]! - x, buffer.y[found]! - y)).toBeCloseTo(nearest, 12);
    }), { numRuns: 300 });
  });

  it('sees pins where they are after an update, at another zoom, and picks the one on top', () => {
    const buffer = new PinBuffer();
    const grid = new PickGrid();
    const pins = columns([{ lat: 12, lon: 77 }, { lat: 12, lon: 77 }]);
    buffer.update(pins, 6);
    expect(grid.nearest(buffer, mercatorX(77), mercatorY(12), 1e-6)).toBe(1);
    pins.lat.fill(20);
    buffer.update(pins, 6);
    expect(grid.nearest(buffer, mercatorX(77), mercatorY(12), 1e-6)).toBe(-1);
    expect(grid.nearest(buffer, mercatorX(77), mercatorY(20), 1e-3)).toBe(1);
    expect(grid.nearest(buffer, mercatorX(77), mercatorY(20), 0)).toBe(-1);
  });
});

describe('pin shapes', () => {
  it('have an outline each and stay within their atlas tile at any turn', () => {
    for (const shape of PIN_SHAPES) {
      expect(shapePath(shape)).toMatch(/^M.*Z$/);
      for (let turn = 0; turn < 360; turn += 5) {
        const angle = (turn * Math.PI) / 180;
        expect(shapeDistance(shape, TILE_EXTENT * Math.cos(angle), TILE_EXTENT * Math.sin(angle))).toBeGreaterThan(0.25);
      }
    }
  });

  it('are told apart by their middle: a ring is hollow, the others are not', () => {
    for (const shape of PIN_SHAPES) expect(shapeDistance(shape, 0, 0) < 0).toBe(shape !== 'ring');
  });

  it('fill comparable areas, so that no status looks more numerous than another', () => {
    const areas = PIN_SHAPES.map((shape) => {
      let inside = 0;
      for (let x = -1.5; x < 1.5; x += 0.02) for (let y = -1.5; y < 1.5; y += 0.02) if (shapeDistance(shape, x, y) < 0) inside++;
      return inside * 0.0004;
    });
    expect(Math.max(...areas) / Math.min(...areas)).toBeLessThan(3);
  });

  it('reach the GPU with the edge in the middle of the byte range', () => {
    const { width, texels } = distanceAtlas();
    expect(width).toBe(TILE_SIZE * PIN_SHAPES.length);
    const circle = PIN_SHAPES.indexOf('circle');
    const at = (x: number): number => texels[(TILE_SIZE / 2) * width + circle * TILE_SIZE + Math.round(((x + TILE_EXTENT) / (2 * TILE_EXTENT)) * TILE_SIZE - 0.5)]!;
    expect(Math.abs(at(0.9) - 128)).toBeLessThan(6);
    expect(at(0)).toBe(255);
    expect(at(1.74)).toBeLessThan(10);
  });
});

describe('pin radius', () => {
  it('grows with the zoom and never jumps', () => {
    for (let zoom = 0; zoom < 20; zoom += 0.1) {
      const step = pinRadius(zoom + 0.1) - pinRadius(zoom);
      expect(step).toBeGreaterThanOrEqual(0);
      expect(step).toBeLessThan(0.2);
    }
    expect([pinRadius(0), pinRadius(22)]).toEqual([3.6, 11]);
  });
});
