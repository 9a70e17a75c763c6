/** What was done to vehicles: commissioned, units swapped, worked on. */
export const WORK_TABLES = `
CREATE TABLE commissioning_record (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  product_id TEXT NOT NULL,
  customer_id TEXT,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  technician TEXT NOT NULL,
  technician_norm TEXT NOT NULL,
  vin TEXT NOT NULL,
  vin_norm TEXT NOT NULL,
  telematics_id TEXT NOT NULL,
  telematics_id_norm TEXT NOT NULL,
  device_id TEXT NOT NULL,
  bms_id TEXT NOT NULL,
  bms_id_norm TEXT NOT NULL,
  motor_id TEXT NOT NULL,
  motor_id_norm TEXT NOT NULL,
  model TEXT NOT NULL,
  model_norm TEXT NOT NULL,
  battery_model TEXT NOT NULL,
  communication_type TEXT NOT NULL,
  customer TEXT,
  customer_norm TEXT,
  user_name TEXT,
  phone TEXT,
  product_status TEXT NOT NULL,
  bench TEXT NOT NULL,
  reason TEXT,
  reason_norm TEXT,
  detail TEXT NOT NULL,
  undoes TEXT
) STRICT;
CREATE UNIQUE INDEX commissioning_record_undoes ON commissioning_record (undoes);
CREATE INDEX commissioning_record_product_id ON commissioning_record (product_id, at);
CREATE INDEX commissioning_record_at ON commissioning_record (at);

CREATE TABLE swap (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  product_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  author_norm TEXT NOT NULL,
  vin TEXT NOT NULL,
  vin_norm TEXT NOT NULL,
  from_telematics_id TEXT NOT NULL,
  from_telematics_id_norm TEXT NOT NULL,
  to_telematics_id TEXT NOT NULL,
  to_telematics_id_norm TEXT NOT NULL,
  from_device_id TEXT NOT NULL,
  from_device_id_norm TEXT NOT NULL,
  to_device_id TEXT NOT NULL,
  to_device_id_norm TEXT NOT NULL,
  from_communication TEXT NOT NULL,
  to_communication TEXT NOT NULL,
  from_model TEXT NOT NULL,
  from_model_norm TEXT NOT NULL,
  to_model TEXT NOT NULL,
  to_model_norm TEXT NOT NULL,
  reason TEXT NOT NULL,
  reason_norm TEXT NOT NULL
) STRICT;
CREATE INDEX swap_product_id ON swap (product_id, at);
CREATE INDEX swap_at ON swap (at);

CREATE TABLE logbook_entry (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  product_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  author_norm TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  odometer REAL,
  photos TEXT NOT NULL,
  corrects TEXT
) STRICT;
CREATE INDEX logbook_entry_product_id ON logbook_entry (product_id, at);
CREATE INDEX logbook_entry_at ON logbook_entry (at);
`;
