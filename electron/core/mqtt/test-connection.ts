import mqtt from 'mqtt';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import { addressOf, probeOptions, type ExternalBroker } from './connect-options.ts';
import { connectionProblem } from './problems.ts';

export interface ConnectionTest {
  readonly ok: boolean;
  /** What happened, for people. */
  readonly text: string;
  readonly milliseconds: number;
}

/** Connects once with these settings, asks to read the telemetry topics and disconnects. Never throws for what the network does. */
export async function testConnection(broker: ExternalBroker, deps: { readonly clock: Clock; readonly rng: Rng }): Promise<ConnectionTest> {
  const started = deps.clock.monotonic();
  const address = addressOf(broker.url);
  const result = (ok: boolean, text: string): ConnectionTest => ({ ok, text, milliseconds: Math.round(deps.clock.monotonic() - started) });
  try {
    const client = mqtt.connect(broker.url, probeOptions(broker, deps.rng));
    try {
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('error', reject);
        // An error, where there is one, is emitted before the close.
        client.once('close', () => reject(new Error('connection closed')));
      });
      const filter = `${broker.topicPrefix}/${broker.fleet}/+/+`;
      const granted = await client.subscribeAsync(filter, { qos: 1 }).catch(() => []);
      const allowed = granted.some((entry) => entry.qos <= 2);
      const spoken = broker.protocolVersion === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
      return allowed ? result(true, `Connected to ${address} with ${spoken}.`) : result(false, `Connected to ${address}, but the broker does not let this user read ${filter}. Change its access list.`);
    } finally {
      client.on('error', () => undefined);
      await client.endAsync(true);
    }
  } catch (error) {
    return result(false, connectionProblem(error, address));
  }
}
