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

/** Writes one file a pipeline into `directory`. */
export function writePipelines(projectDirectory: string, directory: string, brokers: string): void {
  const manifest = Deno.readTextFileSync(join(projectDirectory, "k8s", "ilogtail-user-configmap.yaml"));
  const { data }: { data: Record<string, string> } = parse(manifest);
  Deno.mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries({ ...data, "json_log.yaml": JSON_LOG_PIPELINE })) {
    Deno.writeTextFileSync(join(directory, name), text.replaceAll(BROKERS_IN_MANIFEST, brokers));
  }
}
