import type { FleetDescription } from './fleet/types.ts';
import { createFleetModel } from './fleet-model.ts';
import type { DemoResources } from './resources.ts';

/** A message of the past: it reached the broker at `at`, epoch ms. */
export interface PastMessage {
  readonly deviceId: string;
  /** What follows `{prefix}/{fleet}/{device}/` in the topic. */
  readonly suffix: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly at: number;
}

/** The broker notices a lost unit after one and a half keep-alive periods (MQTT 3.1.1, 3.1.2.10). */
const WILL_AFTER = 90_000;

/**
 * What the silent vehicles of a fleet said last, in order of time: description, a report as they stood, and the Last Will. For
 * the core, which receives them at `at` when it makes a demo workspace, so that Offline and Not Communicating vehicles have
 * last known values. Vehicles that never communicated say nothing.
 */
export function lastWords(description: FleetDescription, resources: DemoResources): PastMessage[] {
  const messages: PastMessage[] = [];
  for (const info of description.vehicles) {
    const at = info.silence?.lastContact;
    if (at === undefined) continue;
    const startAt = at - 10_000;
    const alone: FleetDescription = { ...description, vehicles: [{ ...info, silence: undefined }] };
    const said: PastMessage[] = [];
    const model = createFleetModel(
      { description: alone, resources, startAt, format: 'mixed', interval: 2000, qos: 1, deflate: (body) => body },
      {
        publish: (_unit, { suffix, payload, retain }) => said.push({ deviceId: info.deviceId, suffix, payload, retain, at }),
        ready: () => true,
        coverage: () => undefined,
      },
    );
    model.session(0, true);
    model.advance(at - 5100);
    model.advance(at - 200);
    const will = model.will(0);
    messages.push(...said, { deviceId: info.deviceId, suffix: will.suffix, payload: will.payload, retain: true, at: at + WILL_AFTER });
  }
  return messages.sort((a, b) => a.at - b.at);
}
