import { Batch, type BatchSizes } from '#core/store/telemetry/batch.ts';
import { SeededRandom } from '#shared/testing/random.ts';

/** Parameters of a point: position, speed, heading, charge, voltage, current, two temperatures, odometer, ignition, status. */
export const PARAMETERS = Array.from({ length: 12 }, (_, i) => 128 + i);
export const ROWS = 1000;
const SIZES: BatchSizes = { capacity: ROWS, values: ROWS * PARAMETERS.length, textBytes: 0, payloadBytes: 0 };
/** Hours of a day on the road. */
const SHIFT = 10;

interface Vehicle {
  latitude: number;
  longitude: number;
  charge: number;
  odometer: number;
  temperature: number;
  heading: number;
}

/** A fleet that reports every `period` ms, all vehicles in turn: values as vehicles have them, with their jitter. */
export class StoreTraffic {
  readonly #random = new SeededRandom(1);
  readonly #vehicles: Vehicle[];
  readonly #period: number;
  readonly #start: number;
  #row = 0;

  constructor(vehicles: number, period: number, start: number) {
    this.#period = period;
    this.#start = start;
    this.#vehicles = Array.from({ length: vehicles }, () => ({ latitude: 12.9 + this.#random.next() / 10, longitude: 77.5 + this.#random.next() / 10, charge: 50 + this.#random.next() * 50, odometer: this.#random.below(20_000), temperature: 25 + this.#random.next() * 10, heading: this.#random.below(360) }));
  }

  /** The next rows, in the order in which they arrive. */
  next(): Batch {
    const batch = new Batch(SIZES);
    const random = this.#random;
    for (let i = 0; i < ROWS; i++) {
      const unit = this.#row % this.#vehicles.length;
      const round = Math.floor(this.#row++ / this.#vehicles.length);
      const vehicle = this.#vehicles[unit] as Vehicle;
      const time = this.#start + round * this.#period + Math.floor((unit * this.#period) / this.#vehicles.length);
      const driving = Math.floor(time / 3_600_000 + unit) % 24 < SHIFT;
      const speed = driving ? 20 + random.below(30) : 0;
      if (driving) {
        const metres = (speed / 3.6) * (this.#period / 1000);
        vehicle.heading = (vehicle.heading + random.below(21) - 10 + 360) % 360;
        vehicle.latitude += (Math.cos((vehicle.heading * Math.PI) / 180) * metres) / 111_000;
        vehicle.longitude += (Math.sin((vehicle.heading * Math.PI) / 180) * metres) / 108_000;
        vehicle.charge = vehicle.charge < 10 ? 100 : vehicle.charge - metres / 900;
        vehicle.odometer += metres / 1000;
      }
      vehicle.temperature += (random.next() - 0.5) / 5;
      const noise = driving ? random.below(9) - 4 : 0;
      const values = [Math.round(vehicle.latitude * 1e6) / 1e6, Math.round(vehicle.longitude * 1e6) / 1e6, speed, vehicle.heading, Math.round(vehicle.charge), (500 + Math.round(vehicle.charge / 2) + noise) / 10, driving ? (random.below(400) - 50) / 10 : 0.3, Math.round(vehicle.temperature), Math.round(vehicle.temperature + 3), Math.round(vehicle.odometer * 10) / 10, driving ? 1 : 0, driving ? 4 : 2];
      batch.parameters.set(PARAMETERS, i * PARAMETERS.length);
      batch.values.set(values, i * PARAMETERS.length);
      batch.valueEnd[i] = (i + 1) * PARAMETERS.length;
      batch.time[i] = time;
      batch.deviceTime[i] = time;
      batch.received[i] = time + 40 + random.below(60);
      batch.unit[i] = unit + 1;
      batch.boot[i] = 1;
      batch.number[i] = round;
      batch.count = i + 1;
    }
    return batch;
  }
}
