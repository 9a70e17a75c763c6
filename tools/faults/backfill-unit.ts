import mqtt, { type MqttClient } from 'mqtt';
import { encodeCommandAck, encodeSignals, type AckState } from '#shared/domain/telemetry/wire/index.ts';

export interface BackfillCommand {
  readonly id: string;
  readonly exp: number;
  readonly cmd: string;
  readonly args: { readonly ranges?: readonly (readonly [number, number, number])[] };
}

/** A unit that believes its broker: what was sent is sent, whether it arrived or not. It keeps everything and sends it again when asked. */
export class BackfillUnit {
  readonly device: string;
  /** When each message was made, by number: ms of the clock given. */
  readonly madeAt: number[] = [];
  readonly #made: { readonly payload: Buffer; readonly topic: string }[] = [];
  readonly #answers = new Map<string, AckState[]>();
  readonly #root: string;
  readonly #now: () => number;
  #client: MqttClient | undefined;

  constructor(device: string, now: () => number) {
    this.device = device;
    this.#now = now;
    this.#root = `evf/1/f/${device}`;
  }

  /** Messages made, and so the next number. */
  get made(): number {
    return this.#made.length;
  }

  get connected(): boolean {
    return this.#client?.connected === true;
  }

  async connect(port: number): Promise<void> {
    const client = mqtt.connect({ host: '127.0.0.1', port, clientId: this.device, clean: true, reconnectPeriod: 100, connectTimeout: 10_000, queueQoSZero: false });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('connect', () => client.subscribe(`${this.#root}/cmd/+`, { qos: 1 }));
    client.on('message', (_topic, payload) => this.#obey(JSON.parse(payload.toString()) as BackfillCommand));
    await new Promise<void>((resolve) => client.once('connect', () => resolve()));
  }

  /** Makes the next message and sends it, if there is a connection; without one it is lost for now. */
  send(qos: 0 | 1): void {
    const seq = this.#made.length;
    const payload = encodeSignals({ boot: 1, seq, up: seq, t0: Date.now(), values: [[0, 'odometer', seq / 10]] });
    this.#send(`${this.#root}/sig`, payload, qos);
  }

  /** Breaks the connection and makes no other. */
  async disconnect(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = undefined;
  }

  #obey({ id, exp, cmd, args }: BackfillCommand): void {
    if (cmd !== 'backfill' || exp <= Date.now()) return;
    const answered = this.#answers.get(id);
    if (answered) {
      for (const state of answered.slice(-1)) this.#answer(id, state);
      return;
    }
    this.#answer(id, 'accepted');
    for (const [boot, from, to] of args.ranges ?? []) {
      for (let seq = from; boot === 1 && seq <= to; seq++) {
        const message = this.#made[seq];
        if (!message) continue;
        const text = message.payload.toString().replace('"buf":0', '"buf":1');
        this.#client?.publish(message.topic, text, { qos: 1 });
      }
    }
    this.#answer(id, 'done');
  }

  #answer(id: string, state: AckState): void {
    this.#answers.set(id, [...(this.#answers.get(id) ?? []), state]);
    const payload = encodeCommandAck({ boot: 1, seq: this.#made.length, up: 1, id, t: Date.now(), state });
    this.#send(`${this.#root}/cmd/${id}/ack`, payload, 1);
  }

  #send(topic: string, payload: Uint8Array, qos: 0 | 1): void {
    const message = { topic, payload: Buffer.from(payload) };
    this.#made.push(message);
    this.madeAt.push(this.#now());
    if (this.connected) this.#client?.publish(topic, message.payload, { qos });
  }
}
