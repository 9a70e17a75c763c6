/** Battery models, further users of vehicles, leases, swapping stations. */
export const FLEET_TABLES = `
CREATE TABLE battery_model (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  chemistry TEXT,
  nominal_voltage REAL,
  capacity REAL,
  cells INTEGER,
  temperatures INTEGER
) STRICT;
CREATE UNIQUE INDEX battery_model_name_key ON battery_model (name_key);

CREATE TABLE group_member (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  phone TEXT NOT NULL,
  phone_key TEXT NOT NULL,
  phone_norm TEXT NOT NULL,
  user_name TEXT NOT NULL,
  user_name_norm TEXT NOT NULL,
  product_id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX group_member_phone_key ON group_member (phone_key);
CREATE INDEX group_member_product_id ON group_member (product_id);

CREATE TABLE lease (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  product_id TEXT NOT NULL,
  expiry_date TEXT NOT NULL,
  last_renewal TEXT NOT NULL,
  duration TEXT NOT NULL,
  lease_type TEXT NOT NULL,
  description TEXT NOT NULL,
  description_norm TEXT NOT NULL,
  order_status TEXT NOT NULL,
  payment_status TEXT NOT NULL,
  payment_reference TEXT,
  payment_reference_norm TEXT,
  lock_on_expiry INTEGER,
  lease_status TEXT,
  lock_status TEXT
) STRICT;
CREATE UNIQUE INDEX lease_product_id ON lease (product_id);

CREATE TABLE station (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  name_norm TEXT NOT NULL,
  location_id TEXT NOT NULL,
  address TEXT NOT NULL,
  address_norm TEXT NOT NULL,
  latitude REAL NOT NULL,
  longitude REAL NOT NULL,
  slots INTEGER NOT NULL,
  status TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX station_name_key ON station (name_key);
CREATE INDEX station_location_id ON station (location_id);

CREATE TABLE station_slot (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  station_id TEXT NOT NULL,
  slot INTEGER NOT NULL,
  bms_id TEXT NOT NULL,
  bms_id_key TEXT NOT NULL,
  bms_id_norm TEXT NOT NULL,
  soc REAL,
  state TEXT NOT NULL,
  place_key TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX station_slot_bms_id_key ON station_slot (bms_id_key);
CREATE UNIQUE INDEX station_slot_place_key ON station_slot (place_key);
CREATE INDEX station_slot_station_id ON station_slot (station_id);

CREATE TABLE battery_swap (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  station_id TEXT NOT NULL,
  product_id TEXT NOT NULL,
  slot INTEGER NOT NULL,
  battery_out TEXT NOT NULL,
  battery_out_norm TEXT NOT NULL,
  battery_in TEXT NOT NULL,
  battery_in_norm TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  by_norm TEXT NOT NULL
) STRICT;
CREATE INDEX battery_swap_station_id ON battery_swap (station_id);
CREATE INDEX battery_swap_product_id ON battery_swap (product_id);
`;
