/**
 * What can be measured.
 *
 * @module
 */
import { fair } from "./fair.ts";
import { idle } from "./idle.ts";
import type { Suite } from "./suite.ts";
import { throughput } from "./throughput.ts";

/** In the order of the report. */
export const SUITES: readonly Suite[] = [throughput, idle, fair];
