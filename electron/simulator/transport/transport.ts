import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { FleetModel, FleetSink } from '../fleet-model.ts';
import type { Outgoing } from '../unit/unit.ts';
import { createSession, type Credentials, type Session, type TlsOptions } from './session.ts';

export interface TransportOptions {
  readonly url: string;
  readonly tls: TlsOptions | undefined;
  /** `{prefix}/{fleet}`, what the topics of every unit begin with. */
  readonly root: string;
  readonly credentialsFor: (deviceId: string) => Credentials | undefined;
  /** Who the shared connection signs in as. */
  readonly gateway: { readonly clientId: string; readonly credentials: Credentials | undefined };
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  /** The number of sessions that are up changed, or an attempt failed for this reason. */
  readonly onChange: (reason: string | undefined) => void;
}

/** Carries messages between a fleet and a broker. */
export interface Transport extends FleetSink {
  /** Takes the fleet whose sink it is, and connects. */
  start(model: FleetModel): void;
  /** Leaves as units leave that lose power: the broker's retained states say so. */
  stop(): Promise<void>;
  readonly connected: number;
}

/** New connections per 100 ms, so that a fleet's start is no attack. */
const PACE = 20;
/** Times 20 ms that a large fleet may take to say goodbye. */
const LAST_WAITS = 250;
const DEVICE_LEVEL = /\/([^/]+)\/cmd\/[^/]+$/;

/** One connection per unit, each under its own name, as in the field. */
export function unitTransport(options: TransportOptions): Transport {
  const { root, scheduler } = options;
  let sessions: Session[] = [];
  let pacing: Disposable | undefined;
  const topicOf = (device: string, message: Outgoing): string => `${root}/${device}/${message.suffix}`;
  let devices: string[] = [];

  return {
    start(model) {
      devices = model.units.map((unit) => unit.vehicle.info.deviceId);
      sessions = devices.map((device, index) =>
        createSession({
          url: options.url, tls: options.tls, clientId: device, credentials: options.credentialsFor(device), clean: false, window: 60, scheduler, rng: options.rng,
          subscription: `${root}/${device}/cmd/+`,
          will: () => ({ topic: `${root}/${device}/state`, message: model.will(index) }),
          onUp: () => {
            model.session(index, true);
            options.onChange(undefined);
          },
          onDown: (reason) => {
            model.session(index, false);
            options.onChange(reason);
          },
          onMessage: (_topic, payload) => model.command(index, payload),
          onReturned: (_topic, message) => model.returned(index, message),
        }),
      );
      let next = 0;
      pacing = scheduler.every(100, () => {
        for (let i = 0; i < PACE && next < sessions.length; i++, next++) if (model.units[next]?.covered === true) sessions[next]?.open();
        if (next >= sessions.length) pacing?.dispose();
      });
    },
    publish(unit, message) {
      sessions[unit]?.publish(topicOf(devices[unit] as string, message), message);
    },
    ready: (unit) => sessions[unit]?.ready() === true,
    coverage(unit, covered) {
      if (covered) sessions[unit]?.open();
      else sessions[unit]?.cut();
    },
    async stop() {
      pacing?.dispose();
      for (const session of sessions) session.cut();
      await Promise.resolve();
    },
    get connected() {
      return sessions.reduce((sum, session) => sum + (session.up ? 1 : 0), 0);
    },
  };
}

/** One connection for the whole fleet, for fleets too large for one each; the broker must trust its user with every device. */
export function sharedTransport(options: TransportOptions): Transport {
  const { root, scheduler } = options;
  let session: Session | undefined;
  let fleet: FleetModel | undefined;
  let devices: string[] = [];
  const indices = new Map<string, number>();

  const publish = (unit: number, message: Outgoing): void => session?.publish(`${root}/${devices[unit]}/${message.suffix}`, message);
  let greeting: Disposable | undefined;

  /** Units come up a hundred at a time, each with its retained state and description. */
  const comeUp = (): void => {
    let next = 0;
    greeting = scheduler.every(50, () => {
      for (let i = 0; i < 100 && next < devices.length && session?.ready() === true; i++, next++) fleet?.session(next, true);
      if (next >= devices.length) greeting?.dispose();
    });
  };
  const goDown = (): void => {
    greeting?.dispose();
    devices.forEach((_, index) => fleet?.session(index, false));
  };

  return {
    start(model) {
      fleet = model;
      devices = model.units.map((unit) => unit.vehicle.info.deviceId);
      devices.forEach((device, index) => indices.set(device, index));
      session = createSession({
        url: options.url, tls: options.tls, clientId: options.gateway.clientId, credentials: options.gateway.credentials, clean: true, window: 800, scheduler, rng: options.rng,
        subscription: `${root}/+/cmd/+`,
        will: undefined,
        onUp: () => {
          comeUp();
          options.onChange(undefined);
        },
        onDown: (reason) => {
          goDown();
          options.onChange(reason);
        },
        onMessage: (topic, payload) => {
          const index = indices.get(DEVICE_LEVEL.exec(topic)?.[1] ?? '');
          if (index !== undefined) model.command(index, payload);
        },
        onReturned: (topic, message) => {
          const index = indices.get(topic.slice(root.length + 1).split('/')[0] ?? '');
          if (index !== undefined) model.returned(index, message);
        },
      });
      session.open();
    },
    publish,
    ready: () => session?.ready() === true,
    coverage(unit, covered) {
      // A gateway has no will for each unit: it says itself what the broker would have said.
      if (!covered && fleet !== undefined && session?.up === true) publish(unit, fleet.will(unit));
    },
    async stop() {
      greeting?.dispose();
      if (fleet !== undefined && session?.up === true) {
        let unit = 0;
        for (let waits = 0; unit < devices.length && waits < LAST_WAITS && session.up; waits++) {
          while (unit < devices.length && session.ready()) publish(unit, fleet.will(unit++));
          await new Promise<void>((resolve) => scheduler.after(20, resolve));
        }
        // The broker acknowledges the last of them.
        await new Promise<void>((resolve) => scheduler.after(200, resolve));
      }
      session?.cut();
    },
    get connected() {
      return session?.up === true ? devices.length : 0;
    },
  };
}
