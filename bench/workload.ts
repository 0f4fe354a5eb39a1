/**
 * What the kinds of work mean: what is in the log and in which form, what a pipeline must be told to make records of it, and which
 * fields these have.
 *
 * @module
 */
import type { Random } from "../tests/support/random.ts";
import { accessLine } from "./access_log.ts";
import { chineseLine, longLine, shortLine } from "./application_log.ts";
import { javaEntry } from "./java_log.ts";
import { jsonEntry } from "./json_log.ts";
import { criFormat, dockerFormat, type LogFormat } from "./log_format.ts";
import type { MadeUpContainer } from "./made_up_container.ts";
import type { LogKind } from "./mode.ts";

const ID = "07f75a79da6940acae2b77a632929cc6".padEnd(64, "0");

/** containerd's `max_container_log_line_size`, and Docker's limit. */
const RUNTIME_PIECE_BYTES = 16_384;

/** Fields that a record's text is made into, in the order of its text. */
export type Fields = ReadonlyMap<string, string>;

/** One kind of work. */
export interface Workload {
  /** The one container that writes. */
  readonly container: MadeUpContainer;
  readonly format: LogFormat;
  /** Where the runtime cuts lines, in characters; only of ASCII. It does not by default. */
  readonly pieceLength?: number;
  /** The text of the record number `index`; it holds newlines where the record has several lines. */
  readonly content: (index: number, random: Random) => string;
  /** What must be in the record beside the metadata, made without the code of any agent. */
  readonly fields: (content: string) => Fields;
  /** Further options of `service_docker_stdout`, each a line of YAML. */
  readonly inputOptions: readonly string[];
  /** The pipeline's processors, as lines of YAML. */
  readonly processors: readonly string[];
  /** How many records at the log's end wait for a while, because more lines of theirs could come. */
  readonly heldBack: number;
}

const plain: Workload = {
  container: {
    id: ID,
    logPath: "/var/log/pods/default_nginx-76d49876c7-r892w_07f75a79-da69-40ac-ae2b-77a632929cc6/nginx/0.log",
  },
  format: criFormat,
  content: (_index, random) => accessLine(random),
  fields: (content) => new Map([["content", content]]),
  inputOptions: [],
  processors: [],
  heldBack: 0,
};

/** The pattern of the walk-through's pipeline for nginx. */
export const ACCESS_PATTERN = String
  .raw`([\d\.:]+) - (\S+) \[(\S+) \S+\] \"(\S+) (\S+) ([^\\"]+)\" (\d+) (\d+) \"([^\\"]*)\" \"([^\\"]*)\" \"([^\\"]*)\"`;
/** The names of its groups. */
export const ACCESS_KEYS = [
  "remote_addr",
  "remote_user",
  "time_local",
  "method",
  "path",
  "protocol",
  "status",
  "body_bytes_sent",
  "http_referer",
  "http_user_agent",
  "http_x_forwarded_for",
] as const;

/** The keys of {@link jsonEntry}. */
export const JSON_KEYS = [
  "ts",
  "level",
  "logger",
  "thread",
  "trace_id",
  "message",
  "order",
  "status",
  "duration_ms",
  "cached",
] as const;

const regex: Workload = {
  ...plain,
  fields: accessFields,
  processors: [
    "- Type: processor_regex",
    "  SourceKey: content",
    `  Regex: '${ACCESS_PATTERN}'`,
    "  Keys:",
    ...ACCESS_KEYS.map((key) => `    - ${key}`),
  ],
};

const json: Workload = {
  ...plain,
  content: jsonEntry,
  fields: (content) => new Map(Object.entries(JSON.parse(content)).map(([key, value]) => [key, String(value)])),
  processors: [
    "- Type: processor_json",
    "  SourceKey: content",
    "  ExpandDepth: 1",
    "  KeepSource: false",
    '  ExpandConnector: ""',
  ],
};

const multiline: Workload = {
  ...plain,
  content: javaEntry,
  inputOptions: ["BeginLineRegex: '^\\d{4}-\\d{2}-\\d{2} '"],
  heldBack: 1,
};

const docker: Workload = {
  ...plain,
  container: {
    id: ID,
    logPath: `/var/lib/docker/containers/${ID}/${ID}-json.log`,
    logType: "json-file",
  },
  format: dockerFormat,
};

/** By kind. */
export const WORKLOADS: Readonly<Record<LogKind, Workload>> = {
  plain,
  regex,
  json,
  multiline,
  docker,
  "lines-512": { ...plain, content: shortLine },
  "chinese": { ...plain, content: chineseLine },
  "lines-16k": { ...plain, content: longLine, pieceLength: RUNTIME_PIECE_BYTES },
};

/** An access line taken apart at its spaces and quotes: `1.2.3.4 - - [time zone] "GET / HTTP/1.1" 200 1 "r" "a" "f"`. */
function accessFields(content: string): Fields {
  const [before, request, numbers, referer, , userAgent, , forwarded] = content.split('"');
  const [address, , user, time] = before.split(" ");
  const [method, path, protocol] = request.split(" ");
  const [status, bytes] = numbers.trim().split(" ");
  const values = [address, user, time.slice(1), method, path, protocol, status, bytes, referer, userAgent, forwarded];
  return new Map(ACCESS_KEYS.map((key, index) => [key, values[index]]));
}
