/**
 * The input `input_container_stdio`: standard output and error of containers, as version 2 of the original has it.
 *
 * @module
 */
import type { DecodeCounts, Decoder } from "../core/batch.ts";
import type { Container } from "../core/container.ts";
import type { Decision, IdleFlush, Input, LagLimits } from "../core/input.ts";
import type { Source } from "../core/source.ts";
import { containerLogDecoder } from "../decode/container_log.ts";
import { EncodedLineDecoder } from "../decode/encoded_lines.ts";
import type { DecoderContext } from "../decode/line_decoder.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { compileFilter, type ContainerFilter } from "../match/filter.ts";
import { type OutputTagRules, outputTags } from "./container_tags.ts";
import type { InputContainerStdioOptions } from "./input_container_stdio_options.ts";
import { clockSeconds, decideOutput, type InputContext, malformedWarning, outputSource } from "./input_context.ts";

/** Container output, filtered by options. */
export class InputContainerStdio implements Input<Kernel> {
  readonly lineBytesMax: number;
  readonly idleFlush: IdleFlush;
  readonly isDynamic = false;
  readonly readsNode = false;
  readonly exclusive: { readonly baseDepth: number } | undefined;
  readonly lag: LagLimits;
  readonly #options: InputContainerStdioOptions;
  readonly #filter: ContainerFilter;
  readonly #tagRules: OutputTagRules;
  readonly #context: InputContext;

  /** @throws {FilterError} when a regular expression is broken, which checking the options excludes. */
  constructor(options: InputContainerStdioOptions, context: InputContext) {
    const { lineBytesMax, flushTimeoutMs, containers, tagNames } = options;
    this.lineBytesMax = lineBytesMax;
    this.idleFlush = { afterMs: flushTimeoutMs, incompleteLines: true };
    this.exclusive = options.isShared ? undefined : { baseDepth: 0 };
    this.lag = options;
    this.#options = options;
    this.#filter = compileFilter(containers.filter);
    this.#tagRules = { names: tagNames, external: containers.externalTags, agentTags: context.agentTags };
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

  decoder(kernel: Kernel, source: Source, counts: DecodeCounts, mayTakeJsonText = false): Decoder {
    const { encoding, keepsMalformedLines, warnsOfMalformedLines } = this.#options;
    const { env, log } = this.#context;
    const onMalformed = warnsOfMalformedLines ? malformedWarning(source, log) : undefined;
    const context: DecoderContext = { kernel, source, counts, nowSeconds: clockSeconds(env), onMalformed };
    const takesJsonText = mayTakeJsonText && encoding === "utf8";
    const options = { ...this.#options, timeOfFirst: true, dropsMalformed: !keepsMalformedLines, takesJsonText };
    const decoder = containerLogDecoder(options, context);
    return encoding === "utf8" ? decoder : new EncodedLineDecoder(encoding, decoder, false, context);
  }

  forget(): void {}
}
