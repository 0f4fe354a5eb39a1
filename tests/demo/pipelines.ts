/**
 * The demo's pipelines: those of the walk-through, word for word from k8s/, with the brokers filled in, and one more for the
 * JSON lines.
 *
 * @module
 */
import { join } from "@std/path";
import { parse } from "yaml";

const BROKERS_IN_MANIFEST = "kafka.kafka.svc:9092";

const JSON_LOG_PIPELINE = `enable: true
inputs:
  - Type: service_docker_stdout
    Stderr: false
    Stdout: true
    IncludeContainerLabel:
      io.kubernetes.container.name: json-log
flushers:
  - Type: flusher_kafka_v2
    Brokers:
      - ${BROKERS_IN_MANIFEST}
    Topic: json-log
`;

/** The topics that the pipelines deliver to. */
export const DEMO_TOPICS: readonly string[] = ["access-log", "error-log", "json-log"];

/** The walk-through's pipelines by their file names, as written but for the brokers. */
export function walkThroughPipelines(projectDirectory: string, brokers: string): Record<string, string> {
  const manifest = Deno.readTextFileSync(join(projectDirectory, "k8s", "ilogtail-user-configmap.yaml"));
  const { data }: { data: Record<string, string> } = parse(manifest);
  const fill = (text: string) => text.replaceAll(BROKERS_IN_MANIFEST, brokers);
  return Object.fromEntries(Object.entries(data).map(([name, text]) => [name, fill(text)]));
}

/** Writes one file a pipeline into `directory`. */
export function writePipelines(projectDirectory: string, directory: string, brokers: string): void {
  Deno.mkdirSync(directory, { recursive: true });
  const jsonLog = JSON_LOG_PIPELINE.replaceAll(BROKERS_IN_MANIFEST, brokers);
  const pipelines = { ...walkThroughPipelines(projectDirectory, brokers), "json_log.yaml": jsonLog };
  for (const [name, text] of Object.entries(pipelines)) Deno.writeTextFileSync(join(directory, name), text);
}
