import { describe, expect, it } from 'vitest';
import { CITIES } from './cities.ts';
import { locate, metresBetween, type Place } from './geometry.ts';
import { buildNetwork, doorNear, endOf, lengthOf, quickestWay, route } from './network.ts';

const networks = CITIES.map(buildNetwork);
const KM = 1000;

describe('the roads of the demo cities', () => {
  it('connect every junction with every other', () => {
    for (const network of networks) for (let to = 1; to < network.junctions.length; to++) expect(quickestWay(network, 0, to), `${network.city.key} ${to}`).toBeDefined();
  });

  it('lie in India, around their city, in pieces a driver would call one road', () => {
    for (const network of networks) {
      const centre: Place = [network.city.lat, network.city.lon];
      for (const junction of network.junctions) expect(metresBetween(centre, junction), network.city.key).toBeLessThan(30 * KM);
      for (const edge of network.edges) {
        const straight = metresBetween(network.junctions[edge.from] as Place, network.junctions[edge.to] as Place);
        expect(edge.path.length).toBeGreaterThanOrEqual(straight * 0.999);
        expect(edge.path.length).toBeLessThan(straight * 1.15);
        expect(edge.path.length).toBeLessThan(11 * KM);
      }
    }
  });

  it('have a tunnel in most cities', () => {
    expect(networks.filter((network) => network.edges.some((edge) => edge.tunnel)).length).toBeGreaterThanOrEqual(6);
  });

  it('have real distances: Majestic to Electronic City is 17 to 26 km by road', () => {
    const bengaluru = networks.find((network) => network.city.key === 'bengaluru');
    const names = Object.keys(bengaluru?.city.junctions ?? {});
    const legs = bengaluru && quickestWay(bengaluru, names.indexOf('Majestic'), names.indexOf('Electronic City'));
    expect(lengthOf(legs ?? [])).toBeGreaterThan(17 * KM);
    expect(lengthOf(legs ?? [])).toBeLessThan(26 * KM);
  });
});

describe('a route', () => {
  it('leads from door to door without a jump, in both directions of its legs', () => {
    const [network] = networks;
    if (network === undefined) throw new Error('no city');
    const from = doorNear(network, 3, 1, 300);
    const to = doorNear(network, 20, 4, 250);
    const legs = route(network, from, to) ?? [];
    const fix = { lat: 0, lon: 0, heading: 0 };
    let last = from.place;
    for (const leg of legs) {
      for (const share of [0, 0.3, 0.7, 1]) {
        locate(leg.edge.path, share * leg.edge.path.length, leg.reverse, fix);
        expect(metresBetween(last, [fix.lat, fix.lon])).toBeLessThan(0.45 * leg.edge.path.length + 1);
        expect(fix.heading >= 0 && fix.heading < 360).toBe(true);
        last = [fix.lat, fix.lon];
      }
    }
    expect(metresBetween(last, to.place)).toBeLessThan(1);
    expect(legs.slice(1).map((leg, i) => endOf(legs[i] as typeof leg) === (leg.reverse ? leg.edge.to : leg.edge.from))).not.toContain(false);
  });
});
