/**
 * rsyslog as a peer: imfile reads, a list template writes the same JSON as Sluice, omkafka delivers with acks = all. The CRI's prefix
 * has a fixed width in this work, so its parts are cut out by field and position, which is the cheapest that rsyslog can do;
 * Docker's JSON is taken apart by mmjsonparse. Its metadata is constant: it has no discovery of containers.
 *
 * @module
 */
import { join } from "@std/path";
import { hasProgram } from "../tests/support/requirement.ts";
import { QUIET_LOGS } from "./idle_node.ts";
import { METADATA } from "./made_up_container.ts";
import { isIdleMode, type Mode } from "./mode.ts";
import type { Peer, Work } from "./peer.ts";
import { workloadOf } from "./workload.ts";

const PROGRAM = "rsyslogd";

/** Where a template takes the parts of a line from. The content of the CRI's line is behind 35 characters of time and ` stdout F `. */
const CRI_PARTS = {
  content: 'name="msg" position.from="46" format="json"',
  time: 'name="msg" field.number="1" field.delimiter="32"',
  stream: 'name="msg" field.number="2" field.delimiter="32"',
};
const DOCKER_PARTS = {
  content: 'name="$!log" droplastlf="on" format="json"',
  time: 'name="$!time"',
  stream: 'name="$!stream"',
};

/** Debian's rsyslog with rsyslog-kafka. */
export const rsyslog: Peer = {
  name: "rsyslog",
  unavailable: () => hasProgram(PROGRAM) ? undefined : "rsyslogd is not on the PATH (Debian: rsyslog, rsyslog-kafka)",
  unfit(mode) {
    if (mode === "multiline") {
      return "it joins lines before it takes off their prefixes, and cannot take them off inside";
    }
    if (mode === "idle-files") return "for it this is the same as idle: it has no discovery of containers";
    return undefined;
  },
  prepare: () => Promise.resolve(PROGRAM),
  start(work) {
    const configPath = join(work.directory, "rsyslog.conf");
    Deno.writeTextFileSync(configPath, configText(work));
    const args = ["-n", "-f", configPath, "-i", join(work.directory, "rsyslog.pid")];
    return new Deno.Command(work.program, { args, stdout: "null", stderr: "inherit" }).spawn();
  },
};

function configText({ mode, directory, hostRoot, broker, topic, codec }: Work): string {
  const kafkaOptions = [
    "acks=all",
    `compression.codec=${codec}`,
    "linger.ms=50",
    "batch.size=1000000",
    "batch.num.messages=100000",
    "queue.buffering.max.messages=500000",
  ];
  const isDocker = mode === "docker";
  return `global(workDirectory="${directory}")
module(load="imfile" mode="inotify")
module(load="omkafka")
${isDocker ? 'module(load="mmjsonparse")' : ""}
template(name="record" type="list") {
${templateParts(isDocker ? DOCKER_PARTS : CRI_PARTS).join("\n")}
}
ruleset(name="deliver" queue.type="FixedArray" queue.size="100000" queue.dequeueBatchSize="2048" queue.workerThreads="1") {
  ${isDocker ? 'action(type="mmjsonparse" cookie="")' : ""}
  action(type="omkafka" broker=["${broker}"] topic="${topic}" template="record" partitions.auto="on"
    confParam=[${kafkaOptions.map((option) => `"${option}"`).join(", ")}])
}
input(type="imfile" file="${join(hostRoot, logPath(mode))}" tag="nginx" ruleset="deliver" freshStartTail="off")
`;
}

function logPath(mode: Mode): string {
  return isIdleMode(mode) ? QUIET_LOGS : workloadOf(mode).container.logPath;
}

function templateParts(parts: typeof CRI_PARTS): string[] {
  const value = (key: string, property: string) => [
    constant(`{"Key":"${key}","Value":"`),
    `  property(${property})`,
    constant('"},'),
  ];
  const metadata = METADATA.map(([key, value]) => JSON.stringify({ Key: key, Value: value }));
  return [
    constant('{"Time":'),
    '  property(name="timegenerated" dateFormat="unixtimestamp")',
    constant(',"Contents":['),
    ...value("content", parts.content),
    ...value("_time_", parts.time),
    ...value("_source_", parts.stream),
    constant(`${metadata.join(",")}]}`),
  ];
}

function constant(text: string): string {
  return `  constant(value="${text.replaceAll('"', '\\"')}")`;
}
