import mqtt, { type MqttClient } from 'mqtt';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { encodeCanBinary, encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { demoModels } from './live-traffic.ts';

/** Who may publish for every unit of the demo fleet, and where. */
export interface LoadAccount {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** A position that was published, and when, epoch ms. */
export interface Published {
  readonly lat: number;
  readonly lon: number;
  readonly at: number;
}

/** Degrees that a vehicle is further east in each message, so that what is drawn tells which message it was. */
const STEP = 2e-6;
/** Positions are rounded to whole ones of these. */
const MICRO = 1e6;
const TICK = 10;
/** Later than any boot of a run before. */
const BOOT = Math.floor(Date.now() / 1000);

interface Unit {
  readonly topic: string;
  readonly model: number;
  readonly parked: boolean;
  readonly lat: number;
  lon: number;
  seq: number;
}

/**
 * The demo fleet around the places where it spends the night, two of three vehicles on the road: every message is a position with what a
 * tracker knows, or a batch of 100 CAN frames, in turn. One connection, QoS 0, as the demo's own fleet uses from 200 vehicles on.
 */
export class FleetLoad {
  /** Positions of vehicles on the road since `start`. */
  readonly published: Published[] = [];
  sent = 0;
  /** VIN of a vehicle on the road, in the city with most vehicles. */
  readonly vin: string;
  readonly #client: MqttClient;
  readonly #units: Unit[];
  readonly #batches = demoModels(8).map(({ batches }) => batches.map((batch) => encodeCanBinary({ ...batch, boot: BOOT, seq: 0, up: 600 })));
  #timer: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(client: MqttClient, vehicles: number, seed: number) {
    this.#client = client;
    const fleet = describeFleet({ vehicles, seed, now: Date.now() });
    this.vin = fleet.vehicles.find(({ city }, i) => city === 'Bengaluru' && i % 3 !== 0)?.vin ?? '';
    const models = new Map(fleet.models.map((model) => [model.key, model.signalMap === 'two-wheeler' ? 0 : 1]));
    this.#units = fleet.vehicles.map((vehicle, i) => ({
      topic: `evf/1/demo/${vehicle.deviceId}`,
      model: models.get(vehicle.modelKey) ?? 0,
      parked: i % 3 === 0,
      lat: Math.round(vehicle.lat * MICRO) / MICRO,
      lon: Math.round(vehicle.lon * MICRO) / MICRO,
      seq: 0,
    }));
  }

  /** Lets every vehicle say where it is, twice: far from where it was last, once is not believed. */
  async introduce(): Promise<void> {
    for (const round of [this.#units, this.#units]) {
      for (const [i, unit] of round.entries()) {
        this.#position(unit);
        if (i % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  start(perSecond: number): void {
    this.published.length = 0;
    this.sent = 0;
    const started = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - started) * perSecond) / 1000;
      while (this.sent < due) this.#send();
    }, TICK);
  }

  pause(): void {
    clearInterval(this.#timer);
  }

  async stop(): Promise<void> {
    this.pause();
    await this.#client.endAsync(true);
  }

  #send(): void {
    const unit = this.#units[this.#next++ % this.#units.length]!;
    // Each time round the other half of the fleet reports its bus.
    if ((this.#next + Math.floor(this.#next / this.#units.length)) % 2 === 0) this.#position(unit);
    else this.#bus(unit);
    this.sent++;
  }

  #position(unit: Unit): void {
    unit.lon += STEP;
    const at = Date.now();
    const speed = unit.parked ? 0 : 30;
    const values = [['lat', unit.lat], ['lon', unit.lon], ['gpsSpeed', speed], ['heading', unit.seq % 360], ['satellites', 9], ['hdop', 0.9], ['ignition', unit.parked ? 0 : 1], ['gsmSignal', 20], ['supplyVoltage', 12.6]] as const;
    const payload = encodeSignals({ boot: BOOT, seq: ++unit.seq, up: 600, t0: at, values: values.map(([name, value]) => [0, name, value]) });
    // A parked vehicle is shown at the middle of its stay, not where its last message said.
    if (!unit.parked) this.published.push({ lat: unit.lat, lon: unit.lon, at });
    this.#client.publish(`${unit.topic}/sig`, Buffer.from(payload), { qos: 0 });
  }

  #bus(unit: Unit): void {
    const batches = this.#batches[unit.model]!;
    const payload = Buffer.from(batches[unit.seq % batches.length]!);
    payload.writeUInt32LE(++unit.seq, 8);
    payload.writeBigUInt64LE(BigInt(Date.now() - 1000) * 1000n, 16);
    this.#client.publish(`${unit.topic}/can`, payload, { qos: 0 });
  }
}

/** Signs in as the demo's fleet. */
export async function connectLoad(account: LoadAccount, vehicles: number, seed: number): Promise<FleetLoad> {
  const { url, username, password } = account;
  return new FleetLoad(await mqtt.connectAsync(url, { username, password, clientId: 'bench-fleet', clean: true }), vehicles, seed);
}

/** Names a position, published or drawn. */
export function placeKey(lat: number, lon: number): string {
  return `${Math.round(lat * MICRO)}:${Math.round(lon * MICRO)}`;
}
