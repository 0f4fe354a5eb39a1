/**
 * rsyslog as a peer: imfile reads, a list template writes the same JSON as Sluice, omkafka delivers with acks = all. Each kind of
 * work is done by the cheapest that rsyslog has for it: the CRI's prefix has a fixed width here, so its parts are cut out by field
 * and position; mmnormalize with a rule takes access lines and JSON behind the prefix apart (regular expressions are slower by
 * far), mmjsonparse Docker's JSON. Its metadata is constant: it has no discovery of containers.
 *
 * @module
 */
import { join } from "@std/path";
import { hasProgram } from "../tests/support/requirement.ts";
import { METADATA } from "./made_up_container.ts";
import type { LogKind, WorkKind } from "./mode.ts";
import type { Peer, Work } from "./peer.ts";
import { ACCESS_KEYS, JSON_KEYS } from "./workload.ts";

const PROGRAM = "rsyslogd";

/** How a kind of work is done. */
interface Recipe {
  /** The one rule of its rulebase for mmnormalize. */
  readonly rule?: string;
  /** Statements that come before the template. */
  readonly actions: readonly string[];
  /** Where the template takes the record's fields from, by their names. */
  readonly properties: Readonly<Record<string, string>>;
}

const RULEBASE = "work.rulebase";
/** Relative: it runs in its own directory. */
const NORMALIZE = `action(type="mmnormalize" rulebase="${RULEBASE}")`;

/** The content is behind 35 characters of time and ` stdout F `. */
const CRI_PREFIX = {
  _time_: 'name="msg" field.number="1" field.delimiter="32"',
  _source_: 'name="msg" field.number="2" field.delimiter="32"',
};

const plain: Recipe = {
  actions: [],
  properties: { content: 'name="msg" position.from="46" format="json"', ...CRI_PREFIX },
};

const RECIPES: Readonly<Partial<Record<LogKind, Recipe>>> = {
  plain,
  "lines-512": plain,
  "chinese": plain,
  regex: {
    rule: '%remote_addr:word% - %remote_user:word% [%time_local:word% %-:char-to:]%] "%method:word% %path:word% ' +
      '%protocol:char-to:"%" %status:word% %body_bytes_sent:word% "%http_referer:char-to:"%" ' +
      '"%http_user_agent:char-to:"%" "%http_x_forwarded_for:char-to:"%"',
    actions: [NORMALIZE],
    properties: fieldsOf([...ACCESS_KEYS, "_time_", "_source_"]),
  },
  json: {
    rule: "%.:json%",
    actions: [NORMALIZE],
    properties: fieldsOf([...JSON_KEYS, "_time_", "_source_"]),
  },
  docker: {
    actions: ['action(type="mmjsonparse" cookie="")'],
    properties: {
      content: 'name="$!log" droplastlf="on" format="json"',
      _time_: 'name="$!time"',
      _source_: 'name="$!stream"',
    },
  },
};

/** Debian's rsyslog with rsyslog-kafka. */
export const rsyslog: Peer = {
  name: "rsyslog",
  unavailable: () => hasProgram(PROGRAM) ? undefined : "rsyslogd is not on the PATH (Debian: rsyslog, rsyslog-kafka)",
  unfit(kind) {
    if (kind === "multiline") {
      return "it joins lines before it takes off their prefixes, and cannot take them off inside";
    }
    if (kind === "lines-16k") return "it cannot put lines together that the runtime has cut";
    if (kind === "files") return "for it this is the same as logs of containers: it has no discovery of them";
    return undefined;
  },
  prepare: () => Promise.resolve(PROGRAM),
  command(work) {
    const { program, directory } = work;
    const configPath = join(directory, "rsyslog.conf");
    Deno.writeTextFileSync(configPath, configText(work));
    const args = ["-n", "-f", configPath, "-i", join(directory, "rsyslog.pid")];
    return { program, args };
  },
};

function configText({ kind, directory, hostRoot, logs, broker, topic, codec }: Work): string {
  const { rule, actions, properties } = recipeOf(kind);
  if (rule !== undefined) {
    const rulebase = `version=2\nrule=:%_time_:word% %_source_:word% F ${rule}\n`;
    Deno.writeTextFileSync(join(directory, RULEBASE), rulebase);
  }
  const kafkaOptions = [
    "acks=all",
    `compression.codec=${codec}`,
    "linger.ms=50",
    "batch.size=1000000",
    "batch.num.messages=100000",
    "queue.buffering.max.messages=500000",
  ];
  return `global(workDirectory="${directory}")
module(load="imfile" mode="inotify")
module(load="omkafka")
module(load="mmnormalize")
module(load="mmjsonparse")
template(name="record" type="list") {
${templateParts(properties).join("\n")}
}
ruleset(name="deliver" queue.type="FixedArray" queue.size="100000" queue.dequeueBatchSize="2048" queue.workerThreads="1") {
${actions.map((action) => `  ${action}`).join("\n")}
  action(type="omkafka" broker=["${broker}"] topic="${topic}" template="record" partitions.auto="on"
    confParam=[${kafkaOptions.map((option) => `"${option}"`).join(", ")}])
}
input(type="imfile" file="${join(hostRoot, logs)}" tag="nginx" ruleset="deliver" freshStartTail="off")
`;
}

function recipeOf(kind: WorkKind): Recipe {
  const recipe = kind === "files" ? undefined : RECIPES[kind];
  if (recipe === undefined) throw new Error(`rsyslog has no recipe for ${kind}`);
  return recipe;
}

function templateParts(properties: Recipe["properties"]): string[] {
  const values = Object.entries(properties).flatMap(([key, property]) => [
    constant(`{"Key":"${key}","Value":"`),
    `  property(${property})`,
    constant('"},'),
  ]);
  const metadata = METADATA.map(([key, value]) => JSON.stringify({ Key: key, Value: value }));
  return [
    constant('{"Time":'),
    '  property(name="timegenerated" dateFormat="unixtimestamp")',
    constant(',"Contents":['),
    ...values,
    constant(`${metadata.join(",")}]}`),
  ];
}

function constant(text: string): string {
  return `  constant(value="${text.replaceAll('"', '\\"')}")`;
}

/** Properties that a message modification module has filled. */
function fieldsOf(keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, `name="$!${key}" format="json"`]));
}
