/**
 * What can be measured.
 *
 * @module
 */
import { cores } from "./cores.ts";
import { fair } from "./fair.ts";
import { idle } from "./idle.ts";
import { limits } from "./limits.ts";
import { latency, start, steady } from "./live_suites.ts";
import type { Suite } from "./suite.ts";
import { throughput } from "./throughput.ts";

/** In the order of the report. */
export const SUITES: readonly Suite[] = [throughput, steady, latency, start, idle, fair, cores, limits];
