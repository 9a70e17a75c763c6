import fc from 'fast-check';
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { shallowRef, nextTick } from 'vue';
import { readThemeTokens } from '../colours/theme-tokens.ts';
import DonutMarkers from './DonutMarkers.vue';
import { donutName, donutPieces, donutRadius, shortCount, spread } from './donut.ts';
import { MAP_CONTEXT, type MapContext } from './map-context.ts';
import type { PinStyle } from './pin-shapes.ts';

const counts = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 6, maxLength: 6 });

describe('donut geometry', () => {
  it('draws one piece for every status that has vehicles, in order', () => {
    fc.assert(fc.property(counts, (values) => {
      const pieces = donutPieces(values, 20, 15);
      expect(pieces.map(({ status }) => status)).toEqual(values.flatMap((value, status) => (value > 0 ? [status] : [])));
      for (const { path } of pieces) expect(path).not.toMatch(/NaN|Infinity/);
    }));
  });

  it('closes the ring: each piece begins where the one before ended', () => {
    const pieces = donutPieces([3, 1, 0, 5, 1, 2], 20, 15);
    const ends = pieces.map(({ path }) => /^M(\S+ \S+)A20 20 0 \d 1 (\S+ \S+)L/.exec(path)!);
    for (let i = 0; i < ends.length; i++) expect(ends[i]![2]).toBe(ends[(i + 1) % ends.length]![1]);
  });

  it('is a whole ring for a single status and nothing for none', () => {
    expect(donutPieces([0, 7, 0, 0, 0, 0], 20, 15)).toHaveLength(1);
    expect(donutPieces([0, 7, 0, 0, 0, 0], 20, 15)[0]!.path.match(/Z/g)).toHaveLength(2);
    expect(donutPieces([0, 0, 0, 0, 0, 0], 20, 15)).toEqual([]);
  });

  it('grows with the number of vehicles, up to a limit', () => {
    expect(donutRadius(1)).toBeLessThan(donutRadius(100));
    expect(donutRadius(10_000_000)).toBe(32);
  });

  it('shortens large counts', () => {
    expect([shortCount(7), shortCount(9999), shortCount(120_000)]).toEqual(['7', '9,999', '120K']);
  });

  it('names itself in words', () => {
    expect(donutName('Bengaluru', [4, 0, 8], ['Moving', 'Stopped', 'Offline'], (n) => `${n} vehicles`)).toBe('Bengaluru: 12 vehicles, 4 moving, 8 offline');
    expect(donutName('India', [12_034], ['Moving'], (n) => `${n} vehicles`)).toBe('India: 12K, 12034 vehicles, 12,034 moving');
  });
});

describe('spreading donuts', () => {
  const disc = fc.record({ x: fc.integer({ min: 0, max: 300 }), y: fc.integer({ min: 0, max: 300 }), radius: fc.integer({ min: 12, max: 32 }) });

  it('never shifts further than the limit and leaves lone donuts alone', () => {
    fc.assert(fc.property(fc.array(disc, { maxLength: 15 }), (discs) => {
      for (const { dx, dy } of spread(discs, 25)) expect(Math.hypot(dx, dy)).toBeLessThanOrEqual(25 + 1e-9);
    }));
    expect(spread([{ x: 0, y: 0, radius: 20 }, { x: 200, y: 0, radius: 20 }], 25)).toEqual([{ dx: 0, dy: 0 }, { dx: 0, dy: 0 }]);
  });

  it('separates two that lie on the same spot', () => {
    const [a, b] = spread([{ x: 0, y: 0, radius: 16 }, { x: 0, y: 0, radius: 16 }], 40);
    expect(Math.hypot(a!.dx - b!.dx, a!.dy - b!.dy)).toBeGreaterThanOrEqual(35);
  });
});

describe('DonutMarkers', () => {
  const styles: PinStyle[] = [{ shape: 'arrow', colour: '#1b7f5c', label: 'Moving' }, { shape: 'ring', colour: '#8a4fbf', label: 'Offline' }];
  const context: MapContext = { map: shallowRef(undefined), tokens: shallowRef(readThemeTokens()), styled: () => undefined, addOverlay: () => ({ dispose: () => undefined }) };
  const cluster = (id: string, moving: number) => ({ id, lat: 12, lon: 77, label: `City ${id}`, counts: [moving, 1] });

  it('keeps the button of a cluster that stays and removes the one that goes', async () => {
    const wrapper = mount(DonutMarkers, { props: { clusters: [cluster('a', 1), cluster('b', 2)], styles }, global: { provide: { [MAP_CONTEXT as symbol]: context } } });
    const first = wrapper.findAll('button')[0]!.element;
    await wrapper.setProps({ clusters: [cluster('a', 5)] });
    await nextTick();
    const buttons = wrapper.findAll('button');
    expect(buttons).toHaveLength(1);
    expect(buttons[0]!.element).toBe(first);
    expect(first.getAttribute('aria-label')).toBe('City a: 6 vehicles, 5 moving, 1 offline');
  });

  it('says which cluster was picked, with its present counts', async () => {
    const wrapper = mount(DonutMarkers, { props: { clusters: [cluster('a', 1)], styles }, global: { provide: { [MAP_CONTEXT as symbol]: context } } });
    await wrapper.setProps({ clusters: [cluster('a', 9)] });
    await wrapper.find('button').trigger('click');
    expect(wrapper.emitted('pick')).toEqual([[cluster('a', 9)]]);
  });
});
