import { adminModule } from '../features/admin/index.ts';
import { alertsModule } from '../features/alerts/index.ts';
import { canModule } from '../features/can/index.ts';
import { commissioningModule } from '../features/commissioning/index.ts';
import { helpModule } from '../features/help/index.ts';
import { intakeModule } from '../features/intake/index.ts';
import { loginModule } from '../features/login/index.ts';
import { misModule } from '../features/mis/index.ts';
import { settingsModule } from '../features/settings/index.ts';
import { stationsModule } from '../features/stations/index.ts';
import { usersModule } from '../features/users/index.ts';
import { swappingModule } from '../features/swapping/index.ts';
import { vehiclesModule } from '../features/vehicles/index.ts';
import type { ModuleDefinition } from './define-module.ts';

/** The modules of this product. A feature exists for the shell by being in this list. */
export const MODULES: readonly ModuleDefinition[] = [loginModule, alertsModule, misModule, adminModule, vehiclesModule, commissioningModule, swappingModule, stationsModule, usersModule, canModule, intakeModule, settingsModule, helpModule];
