/**
 * The OpenTelemetry Collector as a peer, built from its Go modules with two parts: the receiver file_log, whose operators make the
 * fields, and the exporter kafka, which writes the record's body as a flat JSON object. A regular expression takes the CRI's prefix
 * off, which is about twice as fast as the operator `container`; its metadata is constant.
 *
 * @module
 */
import { join } from "@std/path";
import { METADATA } from "./made_up_container.ts";
import { flatMessage } from "./message.ts";
import type { LogKind } from "./mode.ts";
import type { Peer, Work } from "./peer.ts";
import { goProgram, lackOfGo } from "./peer_build.ts";
import { ACCESS_KEYS, ACCESS_PATTERN } from "./workload.ts";

/** One operator of the receiver, as JSON, which is YAML too. */
type Operator = Readonly<Record<string, unknown>>;

const PREFIX = String.raw`^(?P<_time_>\S+) (?P<_source_>\S+) `;
const LINE: Operator = { type: "regex_parser", regex: `${PREFIX}F (?P<content>.*)$`, parse_to: "body" };
const BEGIN = String.raw`^\\d{4}-\\d{2}-\\d{2} `;
const JOIN = {
  type: "recombine",
  combine_field: "body.content",
  source_identifier: 'attributes["log.file.path"]',
  max_log_size: 0,
};

const OPERATORS: Readonly<Record<LogKind, readonly Operator[]>> = {
  "plain": [LINE],
  "lines-512": [LINE],
  "chinese": [LINE],
  "regex": [{ type: "regex_parser", regex: `${PREFIX}F ${namedGroups(ACCESS_PATTERN)}`, parse_to: "body" }],
  "json": [
    { ...LINE, parse_to: "attributes" },
    { type: "json_parser", parse_from: "attributes.content", parse_to: "body" },
    { type: "move", from: "attributes._time_", to: "body._time_" },
    { type: "move", from: "attributes._source_", to: "body._source_" },
  ],
  "docker": [
    { type: "json_parser", parse_to: "body" },
    { type: "add", field: "body.content", value: 'EXPR(trimSuffix(body.log, "\\n"))' },
    { type: "remove", field: "body.log" },
    { type: "move", from: "body.time", to: "body._time_" },
    { type: "move", from: "body.stream", to: "body._source_" },
  ],
  "multiline": [LINE, { ...JOIN, combine_with: "\n", is_first_entry: `body.content matches "${BEGIN}"` }],
  "lines-16k": [
    { ...LINE, regex: `${PREFIX}(?P<flag>[PF]) (?P<content>.*)$` },
    { ...JOIN, combine_with: "", is_last_entry: 'body.flag == "F"' },
    { type: "remove", field: "body.flag" },
  ],
};

/** The Collector. */
export const otelCollector: Peer = {
  name: "otel-collector",
  unavailable: lackOfGo,
  unfit: (kind) => kind === "files" ? "it finds files by patterns, whichever container they are of" : undefined,
  prepare: () => goProgram("collector"),
  command(work) {
    const path = join(work.directory, "collector.json");
    Deno.writeTextFileSync(path, JSON.stringify(configOf(work)));
    return { program: work.program, args: ["--config", path] };
  },
  readMessage: flatMessage,
};

function configOf({ kind, hostRoot, logs, broker, topic, codec }: Work): object {
  if (kind === "files") throw new Error(`no configuration for ${kind}`);
  const metadata = METADATA.map(([key, value]) => ({ type: "add", field: `body.${key}`, value }));
  const receiver = {
    include: [join(hostRoot, logs)],
    start_at: "beginning",
    include_file_name: false,
    preserve_trailing_whitespaces: true,
    include_file_path: kind === "multiline" || kind === "lines-16k",
    operators: [...OPERATORS[kind], ...metadata],
  };
  const exporter = {
    brokers: [broker],
    logs: { topic, encoding: "raw" },
    producer: { required_acks: -1, compression: codec, max_message_bytes: 1_000_000 },
    sending_queue: { enabled: true, block_on_overflow: true },
  };
  return {
    receivers: { file_log: receiver },
    exporters: { kafka: exporter },
    service: {
      telemetry: { metrics: { level: "none" }, logs: { level: "error" } },
      pipelines: { logs: { receivers: ["file_log"], exporters: ["kafka"] } },
    },
  };
}

/** The pattern with its groups named in Go's way. */
function namedGroups(pattern: string): string {
  const keys = ACCESS_KEYS.values();
  return pattern.replaceAll(/(?<!\\)\((?!\?)/g, () => `(?P<${keys.next().value}>`);
}
