import { alertActsBench } from './alert-acts.bench.ts';
import { alertsBench } from './alerts.bench.ts';
import { bulkBench } from './bulk.bench.ts';
import { decodeBench } from './decode.bench.ts';
import { gridBench } from './grid.bench.ts';
import { liveBench } from './live.bench.ts';
import { memoryBench } from './memory.bench.ts';
import { pipelineBench } from './pipeline.bench.ts';
import { resourcesBench } from './resources.bench.ts';
import { startupBench } from './startup.bench.ts';
import { storeBench } from './store.bench.ts';
import type { Bench } from './types.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [decodeBench, liveBench, pipelineBench, alertsBench, startupBench, gridBench, memoryBench, storeBench, alertActsBench, resourcesBench, bulkBench];
