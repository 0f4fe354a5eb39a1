/**
 * Short pipelines for tests: one input, its options as YAML lines, and a topic.
 *
 * @module
 */

/** Options as YAML, each line on its own: `Stdout: false`. */
export type OptionLines = readonly string[];

/** One input whose records go to a topic. */
export function pipelineOf(input: string, options: OptionLines, brokers: string, topic: string): string {
  const lines = options.map((line) => `    ${line}\n`).join("");
  return `inputs:
  - Type: ${input}
${lines}flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${topic}
`;
}

/** Files of containers of one name. */
export function filePipeline(
  { container, path, options = [] }: {
    readonly container: string;
    readonly path: string;
    readonly options?: OptionLines;
  },
  brokers: string,
  topic: string,
): string {
  const chosen = [
    `FilePaths: ${path}`,
    "EnableContainerDiscovery: true",
    "ContainerFilters:",
    `  K8sContainerRegex: ^${container}$`,
    ...options,
  ];
  return pipelineOf("input_file", chosen, brokers, topic);
}
