/** Vehicles in workshop mode. */
export const WORKSHOP_STAYS = `
CREATE TABLE workshop_stay (
  id TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  vehicle_id TEXT NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX workshop_stay_vehicle_id ON workshop_stay (vehicle_id);
`;
