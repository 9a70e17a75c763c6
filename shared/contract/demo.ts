import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

/** Faults that can be put into a vehicle of the demo fleet; while one lasts its unit has a network, but for `network-lost`. */
export const DEMO_FAULTS = ['cell-over-temperature', 'thermal-runaway', 'low-soc', 'over-speed', 'mcu-fault', 'network-lost', 'cell-imbalance', 'broken-messages'] as const;
export type DemoFault = (typeof DEMO_FAULTS)[number];

const manage = { permission: 'settings.manage' } as const;

/** Only in the demo workspace; elsewhere these are refused. */
export const demoContract = {
  'demo.injectFault': procedure({
    input: z.object({ vehicleId: z.string(), fault: z.enum(DEMO_FAULTS), /** How long it lasts, s. */ seconds: z.number().int().min(1).max(3600).default(120) }),
    output: z.object({ /** When it ends by itself, epoch ms. */ until: z.number() }),
    access: manage,
    errors: ['refused', 'not-found', 'unavailable'],
    doc: 'Puts a fault into a simulated vehicle of the demo fleet; over-speed and low SoC wake a parked vehicle.',
  }),
  'demo.bench': procedure({
    input: z.object({}),
    output: z.object({ vehicles: z.array(z.object({ telematicsId: z.string(), deviceId: z.string(), placeholderVin: z.string().optional(), bmsId: z.string(), motorId: z.string(), vin: z.string(), phone: z.string(), model: z.string(), batteryModel: z.string() })) }),
    access: { permission: 'commission.work' },
    errors: ['refused'],
    doc: 'Vehicles that stand on the simulated bench, with the numbers on their labels.',
  }),
  'demo.powerBench': procedure({
    input: z.object({ telematicsId: z.string().max(100) }),
    output: z.object({}),
    access: { permission: 'commission.work' },
    errors: ['refused', 'not-found', 'unavailable'],
    doc: 'Switches a vehicle on the simulated bench on; a unit that is shipped on a stand-in frame is put on it first.',
  }),
  'demo.clearFaults': procedure({ input: z.object({}), output: z.object({}), access: manage, errors: ['refused', 'unavailable'], doc: 'Takes every injected fault back.' }),
  'demo.flood': procedure({
    input: z.object({ alerts: z.number().int().min(1).max(5000), seconds: z.number().int().min(1).max(3600).default(120) }),
    output: z.object({ vehicles: z.number().int() }),
    access: manage,
    errors: ['refused', 'unavailable'],
    doc: 'Puts faults into as many simulated vehicles as it takes to raise this number of alerts.',
  }),
};
