import type { DemoModel, Duty, FleetStatus, Quirk } from './types.ts';

/** The four fictional vehicle models. Two share each CAN bus. */
export const MODELS: readonly DemoModel[] = [
  { key: 'nilgai-sprint', name: 'Nilgai Sprint', kind: '2W', batteryModels: ['52-AH - Urban', '52-AH - Urban Plus'], signalMap: 'two-wheeler', cells: 16, temperatures: 4, nominalVoltage: 58.4, capacityAh: 52, firmwareLine: '2W-VCU' },
  { key: 'nilgai-courier', name: 'Nilgai Courier', kind: '2W', batteryModels: ['52-AH - Courier'], signalMap: 'two-wheeler', cells: 16, temperatures: 4, nominalVoltage: 58.4, capacityAh: 52, firmwareLine: '2W-VCU' },
  { key: 'airavat-savari', name: 'Airavat Savari', kind: '3W', batteryModels: ['120-AH - Savari'], signalMap: 'three-wheeler', cells: 20, temperatures: 6, nominalVoltage: 64, capacityAh: 120, firmwareLine: '3W-VCU' },
  { key: 'airavat-maal', name: 'Airavat Maal', kind: '3W', batteryModels: ['120-AH - Maal'], signalMap: 'three-wheeler', cells: 20, temperatures: 6, nominalVoltage: 64, capacityAh: 120, firmwareLine: '3W-VCU' },
];

export interface CustomerPlan {
  readonly key: string;
  readonly name: string;
  readonly street: string;
  readonly cityKey: string;
  readonly mail: string;
  readonly duties: readonly Duty[];
  /** Vehicles of every fifty. */
  readonly weight: number;
}

export const CUSTOMERS: readonly CustomerPlan[] = [
  { key: 'nilgai-riders', name: 'Nilgai Riders Club', street: '14 Ashoka Pillar Road', cityKey: 'bengaluru', mail: 'care@nilgai-riders.example', duties: ['commuter'], weight: 13 },
  { key: 'saral-delivery', name: 'Saral Delivery Services Pvt Ltd', street: '3rd Floor, Madhuban Towers', cityKey: 'mumbai', mail: 'fleet@saral-delivery.example', duties: ['delivery'], weight: 13 },
  { key: 'hariyali-rentals', name: 'Hariyali Rentals LLP', street: '221 Lake View Road', cityKey: 'hyderabad', mail: 'desk@hariyali-rentals.example', duties: ['rental'], weight: 8 },
  { key: 'sahyog-auto', name: 'Sahyog Auto Cooperative Society', street: '7 Mandi House Lane', cityKey: 'delhi', mail: 'office@sahyog-auto.example', duties: ['auto'], weight: 10 },
  { key: 'bazaar-line', name: 'Bazaar Line Logistics Pvt Ltd', street: 'Gate 2, Warehouse Complex', cityKey: 'pune', mail: 'operations@bazaar-line.example', duties: ['cargo'], weight: 6 },
];

/** Status of every 25 vehicles at the start; the first six are all different, so that the smallest demo shows each. */
export const STATUS_PATTERN: readonly FleetStatus[] = [
  'moving', 'charging', 'ignition-off', 'stopped', 'offline', 'not-communicating', 'moving', 'moving', 'ignition-off', 'moving', 'charging', 'moving',
  'ignition-off', 'stopped', 'moving', 'ignition-off', 'moving', 'charging', 'ignition-off', 'moving', 'offline', 'ignition-off', 'moving', 'stopped', 'moving',
];

/** Who of every fifty has something wrong. All of them talk from the start (see STATUS_PATTERN), and drive or charge. */
export const QUIRKS: Readonly<Record<number, Quirk>> = {
  1: 'cell-imbalance', 6: 'over-speed', 7: 'patchy-network', 9: 'mcu-fault', 11: 'hot-battery', 14: 'wrong-clock',
  16: 'duplicate-sender', 19: 'malformed-payload', 22: 'reboots', 27: 'low-aux', 33: 'patchy-network', 36: 'weak-pack',
};

/** Firmware versions in the field, newest first; the older the fewer. */
export const FIRMWARE: readonly string[] = ['V4.2.1', 'V4.2.1', 'V4.2.1', 'V4.2.0', 'V4.1.7', 'V1.0.1.0000_0000'];
