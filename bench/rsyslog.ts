/**
 * rsyslog as a peer: imfile reads, a list template writes the same JSON as Sluice, omkafka delivers with acks = all. The container
 * log's prefix has a fixed width in this work, so its parts are cut out by field and position, which is the cheapest that rsyslog
 * can do. Its metadata is constant: it has no discovery of containers.
 *
 * @module
 */
import { join } from "@std/path";
import { hasProgram } from "../tests/support/requirement.ts";
import { LOG_PATH, METADATA, type Peer, type Work } from "./peer.ts";

const PROGRAM = "rsyslogd";
/** Behind the time of 35 characters, ` stdout F `; counted from one. */
const CONTENT_POSITION = 46;

/** Debian's rsyslog with rsyslog-kafka. */
export const rsyslog: Peer = {
  name: "rsyslog",
  unavailable: () => hasProgram(PROGRAM) ? undefined : "rsyslogd is not on the PATH (Debian: rsyslog, rsyslog-kafka)",
  prepare: () => Promise.resolve(PROGRAM),
  start(work) {
    const configPath = join(work.directory, "rsyslog.conf");
    Deno.writeTextFileSync(configPath, configText(work));
    const args = ["-n", "-f", configPath, "-i", join(work.directory, "rsyslog.pid")];
    return new Deno.Command(work.program, { args, stdout: "null", stderr: "inherit" }).spawn();
  },
};

function configText({ directory, hostRoot, broker, topic, codec }: Work): string {
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
template(name="record" type="list") {
${templateParts().join("\n")}
}
ruleset(name="deliver" queue.type="FixedArray" queue.size="100000" queue.dequeueBatchSize="2048" queue.workerThreads="1") {
  action(type="omkafka" broker=["${broker}"] topic="${topic}" template="record" partitions.auto="on"
    confParam=[${kafkaOptions.map((option) => `"${option}"`).join(", ")}])
}
input(type="imfile" file="${join(hostRoot, LOG_PATH)}" tag="nginx" ruleset="deliver" freshStartTail="off")
`;
}

function templateParts(): string[] {
  const value = (key: string, property: string) => [
    constant(`{"Key":"${key}","Value":"`),
    `  property(name="msg" ${property})`,
    constant('"},'),
  ];
  const metadata = METADATA.map(([key, value]) => JSON.stringify({ Key: key, Value: value }));
  return [
    constant('{"Time":'),
    '  property(name="timegenerated" dateFormat="unixtimestamp")',
    constant(',"Contents":['),
    ...value("content", `position.from="${CONTENT_POSITION}" format="json"`),
    ...value("_time_", 'field.number="1" field.delimiter="32"'),
    ...value("_source_", 'field.number="2" field.delimiter="32"'),
    constant(`${metadata.join(",")}]}`),
  ];
}

function constant(text: string): string {
  return `  constant(value="${text.replaceAll('"', '\\"')}")`;
}
