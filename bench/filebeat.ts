/**
 * Filebeat as a peer, built from its Go module with the input filestream: dissect takes lines apart, and decode_json_fields JSON. Its
 * metadata is constant.
 *
 * @module
 */
import { join } from "@std/path";
import { METADATA } from "./made_up_container.ts";
import { flatMessage, type Message } from "./message.ts";
import type { LogKind } from "./mode.ts";
import type { Peer, Work } from "./peer.ts";
import { goProgram, lackOfGo } from "./peer_build.ts";

/** One processor, as JSON, which is YAML too. */
type Processor = Readonly<Record<string, unknown>>;

/** What it adds to every message, and does not let go of. */
const OWN_FIELDS = ["@timestamp", "@metadata"];
const DROP_LINE: Processor = { drop_fields: { fields: ["message"] } };
const ACCESS_LINE =
  '%{remote_addr} - %{remote_user} [%{time_local} %{?zone}] "%{method} %{path} %{protocol}" %{status} ' +
  '%{body_bytes_sent} "%{http_referer}" "%{http_user_agent}" "%{http_x_forwarded_for}"';
const plain = [dissect("%{content}"), DROP_LINE];

const PROCESSORS: Readonly<Partial<Record<LogKind, readonly Processor[]>>> = {
  plain,
  "lines-512": plain,
  "chinese": plain,
  regex: [dissect(ACCESS_LINE), DROP_LINE],
  json: [
    dissect("%{content}"),
    DROP_LINE,
    { decode_json_fields: { fields: ["content"], target: "", overwrite_keys: true } },
    { drop_fields: { fields: ["content"] } },
  ],
};

/** Filebeat 7.17. */
export const filebeat: Peer = {
  name: "filebeat",
  unavailable: lackOfGo,
  unfit(kind) {
    if (kind === "files") return "it finds files by patterns, whichever container they are of";
    if (PROCESSORS[kind] !== undefined) return undefined;
    return "the parser that it needs for this keeps no more of the line's time than milliseconds";
  },
  prepare: () => goProgram("filebeat"),
  command(work) {
    const path = join(work.directory, "filebeat.json");
    Deno.writeTextFileSync(path, JSON.stringify(configOf(work)));
    // It complains when there is none.
    Deno.mkdirSync(join(work.directory, "module"));
    return { program: work.program, args: ["-c", path, "--strict.perms=false", "run"] };
  },
  readMessage,
};

function configOf({ kind, directory, hostRoot, logs, broker, topic, codec }: Work): object {
  const processors = kind === "files" ? undefined : PROCESSORS[kind];
  if (processors === undefined) throw new Error(`no configuration for ${kind}`);
  const input = {
    type: "filestream",
    id: "logs",
    paths: [join(hostRoot, logs)],
    "prospector.scanner.check_interval": "1s",
    fields_under_root: true,
    fields: Object.fromEntries(METADATA),
    processors,
  };
  return {
    "filebeat.inputs": [input],
    processors: [{ drop_fields: { fields: ["log", "input", "agent", "ecs", "host"] } }],
    "output.kafka": {
      hosts: [broker],
      topic,
      required_acks: -1,
      compression: codec,
      max_message_bytes: 1_000_000,
      bulk_max_size: 8_192,
    },
    "queue.mem": { events: 65_536, "flush.min_events": 8_192, "flush.timeout": "100ms" },
    "path.home": directory,
    "logging.to_stderr": true,
    "logging.level": "critical",
    "logging.metrics.enabled": false,
    // Its list of system calls is older than this machine's C library, which ends it.
    "seccomp.enabled": false,
  };
}

function dissect(content: string): Processor {
  return { dissect: { tokenizer: `%{_time_} %{_source_} F ${content}`, field: "message", target_prefix: "" } };
}

function readMessage(text: string): Message {
  const { fields } = flatMessage(text);
  const own = [...fields].filter(([key]) => !OWN_FIELDS.includes(key));
  return { fields: new Map(own), time: Date.parse(fields.get("@timestamp") ?? "") / 1_000 };
}
