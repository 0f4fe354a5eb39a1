/**
 * A node whose containers write while they are read: their logs, the list of them, and a pipeline for them.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { containersText, type MadeUpContainer, POD_LABEL } from "./made_up_container.ts";

/** The walk-through's pattern for nginx's access lines. */
const NGINX_REGEX = String
  .raw`([\d\.:]+) - (\S+) \[(\S+) \S+\] "(\S+) (\S+) ([^\\"]+)" (\d+) (\d+) "([^\\"]*)" "([^\\"]*)" "([^\\"]*)"`;
const NGINX_KEYS = [
  ...["remote_addr", "remote_user", "time_local", "method", "url", "protocol", "status", "body_bytes_sent"],
  ...["http_referer", "http_user_agent", "http_x_forwarded_for"],
];

/** What a pipeline does with the lines: nothing, or it makes fields of them by the pattern. */
export type LineWork = "plain" | "regex";

/** Empty logs and the list of their containers, in a directory. */
export class LiveNode {
  readonly containersPath: string;
  readonly logPaths: readonly string[];

  constructor(readonly hostRoot: string, containerCount: number) {
    const containers = Array.from({ length: containerCount }, (_, index) => liveContainer(index));
    this.logPaths = containers.map(({ logPath }) => join(hostRoot, logPath));
    for (const path of this.logPaths) {
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeTextFileSync(path, "");
    }
    this.containersPath = join(hostRoot, "containers.json");
    Deno.writeTextFileSync(this.containersPath, containersText(containers));
  }
}

function liveContainer(index: number): MadeUpContainer {
  const number = String(index).padStart(4, "0");
  return { id: number.padEnd(64, "0"), logPath: `/var/log/pods/default_live-${number}_${number}/nginx/0.log` };
}

/** The pipeline file. */
export function livePipeline(work: LineWork, broker: string, topic: string): string {
  const processors = work === "plain" ? "" : `processors:
  - Type: processor_regex
    SourceKey: content
    Regex: '${NGINX_REGEX}'
    Keys: [${NGINX_KEYS.join(", ")}]
`;
  return `enable: true
inputs:
  - Type: service_docker_stdout
    Stdout: true
    Stderr: false
    IncludeK8sLabel:
      app: ${POD_LABEL.app}
${processors}flushers:
  - Type: flusher_kafka_v2
    Brokers: ["${broker}"]
    Topic: ${topic}
`;
}
