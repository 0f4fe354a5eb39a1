/**
 * The input `service_docker_stdout`: standard output and error of containers, from the files that the runtime writes.
 *
 * @module
 */
import type { DecodeCounts, Decoder } from "../core/batch.ts";
import type { Container } from "../core/container.ts";
import type { Decision, IdleFlush, Input } from "../core/input.ts";
import type { Source } from "../core/source.ts";
import { containerLogDecoder } from "../decode/container_log.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { compileFilter, type ContainerFilter } from "../match/filter.ts";
import { type OutputTagRules, outputTags, TAG_NAMES } from "./container_tags.ts";
import { clockSeconds, decideOutput, type InputContext, malformedWarning, outputSource } from "./input_context.ts";
import type { ServiceDockerStdoutOptions } from "./service_docker_stdout_options.ts";

/** Container output, filtered by options. */
export class ServiceDockerStdout implements Input<Kernel> {
  readonly lineBytesMax: number;
  readonly idleFlush: IdleFlush | undefined;
  readonly isDynamic = false;
  readonly readsNode = false;
  readonly exclusive = undefined;
  readonly lag = undefined;
  readonly #options: ServiceDockerStdoutOptions;
  readonly #filter: ContainerFilter;
  readonly #tagRules: OutputTagRules;
  readonly #context: InputContext;

  /** @throws {FilterError} when a regular expression is broken, which checking the options excludes. */
  constructor(options: ServiceDockerStdoutOptions, context: InputContext) {
    const { externalEnvTag: envTag, externalK8sLabelTag: k8sLabelTag } = options;
    this.lineBytesMax = options.lineBytesMax;
    // As in the original, a line that the runtime has not ended waits for its rest.
    this.idleFlush = options.multiline && { afterMs: options.multilineTimeoutMs, incompleteLines: false };
    this.#options = options;
    this.#filter = compileFilter(options);
    const external = { envTag, k8sLabelTag, missing: "empty" } as const;
    this.#tagRules = { names: TAG_NAMES, external, agentTags: context.agentTags };
    this.#context = context;
  }

  decide(container: Container): Decision {
    return decideOutput(container, this.#filter);
  }

  sources(container: Container | undefined): readonly Source[] {
    if (container === undefined) return [];
    const tags = outputTags(container, this.#tagRules);
    return [outputSource(container, tags, this.#options.startBytesBeforeEndMax, this.#context)];
  }

  decoder(kernel: Kernel, source: Source, counts: DecodeCounts, takesJsonText = false): Decoder {
    const { env, log } = this.#context;
    const onMalformed = malformedWarning(source, log);
    const context = { kernel, source, counts, nowSeconds: clockSeconds(env), onMalformed };
    return containerLogDecoder({ ...this.#options, timeOfFirst: false, takesJsonText }, context);
  }

  forget(): void {}
}
