/** How a cell is shown, sorted and exported. `instant`: epoch ms; `date`: YYYY-MM-DD; `age`: an instant shown as its age. */
export type FleetColumnType = 'text' | 'number' | 'instant' | 'date' | 'status' | 'boolean';

/** One column of the grid view: named once for the screen, the search, the sort and the Excel file. */
export interface FleetColumn {
  readonly key: string;
  readonly label: string;
  readonly type: FleetColumnType;
  readonly unit?: string;
  readonly decimals?: number;
  /** Default width on screen, px. */
  readonly width: number;
  readonly searchable?: boolean;
  /** Words for true and false. */
  readonly words?: readonly [string, string];
  /** Hidden until the user chooses it. */
  readonly optional?: boolean;
}

/** The grid view of the vehicle dashboard, in its default order. */
export const FLEET_COLUMNS = [
  { key: 'vin', label: 'VIN', type: 'text', width: 170, searchable: true },
  { key: 'status', label: 'Status', type: 'status', width: 150, searchable: true },
  { key: 'lastCommunication', label: 'Last communication', type: 'instant', width: 170 },
  { key: 'soc', label: 'SoC', type: 'number', unit: '%', decimals: 0, width: 90 },
  { key: 'speed', label: 'Speed', type: 'number', unit: 'km/h', decimals: 0, width: 116 },
  { key: 'range', label: 'Range', type: 'number', unit: 'km', decimals: 0, width: 104 },
  { key: 'odometer', label: 'Odometer', type: 'number', unit: 'km', decimals: 1, width: 130 },
  { key: 'ignition', label: 'Ignition', type: 'boolean', words: ['On', 'Off'], width: 90 },
  { key: 'charging', label: 'Charging status', type: 'text', width: 130, searchable: true },
  { key: 'place', label: 'Place', type: 'text', width: 170, searchable: true },
  { key: 'latitude', label: 'Latitude', type: 'number', unit: '°', decimals: 5, width: 100 },
  { key: 'longitude', label: 'Longitude', type: 'number', unit: '°', decimals: 5, width: 100 },
  { key: 'signal', label: 'Signal strength', type: 'number', decimals: 0, width: 120 },
  { key: 'firmware', label: 'Firmware version', type: 'text', width: 150, searchable: true },
  { key: 'connection', label: 'Connection', type: 'boolean', words: ['Connected', 'Disconnected'], width: 120 },
  { key: 'customer', label: 'Customer', type: 'text', width: 190, searchable: true },
  { key: 'city', label: 'City', type: 'text', width: 120, searchable: true },
  { key: 'model', label: 'Model', type: 'text', width: 140, searchable: true },
  { key: 'telematicsId', label: 'VCU ID', type: 'text', width: 130, searchable: true },
  { key: 'purchaseDate', label: 'Purchase date', type: 'date', width: 120 },
  { key: 'productStatus', label: 'Product status', type: 'text', width: 120, searchable: true },
  { key: 'registration', label: 'Registration', type: 'text', width: 130, searchable: true, optional: true },
  { key: 'deviceId', label: 'Device ID', type: 'text', width: 150, searchable: true, optional: true },
  { key: 'bmsId', label: 'BMS ID', type: 'text', width: 140, searchable: true, optional: true },
  { key: 'motorId', label: 'Motor ID', type: 'text', width: 140, searchable: true, optional: true },
] as const satisfies readonly FleetColumn[];

export type FleetColumnKey = (typeof FLEET_COLUMNS)[number]['key'];

/** The column with this key, or undefined. */
export function fleetColumn(key: string): FleetColumn | undefined {
  return FLEET_COLUMNS.find((column) => column.key === key);
}

/** Labels of the six statuses, by wire value. */
export const STATUS_LABELS = ['Moving', 'Stopped', 'Ignition Off', 'Charging', 'Offline', 'Not Communicating'] as const;
