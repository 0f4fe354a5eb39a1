/**
 * Who is measured.
 *
 * @module
 */
import { filebeat } from "./filebeat.ts";
import { otelCollector } from "./otel_collector.ts";
import type { Peer } from "./peer.ts";
import { rsyslog } from "./rsyslog.ts";
import { sluice } from "./sluice.ts";
import { syslogNg } from "./syslog_ng.ts";

/** In the order of the report. */
export const PEERS: readonly Peer[] = [sluice, rsyslog, syslogNg, otelCollector, filebeat];
