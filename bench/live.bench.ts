import { drawResults } from './live-draw.ts';
import { handOverResults } from './live-handover.ts';
import { stateResults } from './live-state.ts';
import { stormResults } from './live-storm.ts';
import type { Bench } from './types.ts';

export const liveBench: Bench = {
  name: 'live',
  describe: 'from messages to live state, from the core to the page, and from MQTT to pins on the map, with 10,000 vehicles',
  async run(context) {
    return [...stateResults(context), ...handOverResults(context), ...(await drawResults(context)), ...(await stormResults(context))];
  },
};
