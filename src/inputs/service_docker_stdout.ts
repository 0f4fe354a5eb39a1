/**
 * The input `service_docker_stdout`: standard output and error of containers, from the files that the runtime writes.
 *
 * @module
 */
import type { DecodeCounts, Decoder } from "../core/batch.ts";
import type { Container } from "../core/container.ts";
import type { Env } from "../core/env.ts";
import type { Decision, Input } from "../core/input.ts";
import type { Source } from "../core/source.ts";
import { CriDecoder } from "../decode/cri.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { compileFilter, type ContainerFilter } from "../match/filter.ts";
import { tryResolveHostPath } from "../match/paths.ts";
import { containerTags } from "./container_tags.ts";
import type { ServiceDockerStdoutOptions } from "./service_docker_stdout_options.ts";

/** Container logs, filtered by options. */
export class ServiceDockerStdout implements Input<Kernel> {
  readonly lineBytesMax: number;
  readonly start: number | "first";
  readonly #options: ServiceDockerStdoutOptions;
  readonly #filter: ContainerFilter;
  readonly #hostRoot: string;
  readonly #env: Env;

  /** @throws {FilterError} when a regular expression is broken, which checking the options excludes. */
  constructor(options: ServiceDockerStdoutOptions, hostRoot: string, env: Env) {
    this.lineBytesMax = options.lineBytesMax;
    this.start = options.startBytesBeforeEndMax ?? "first";
    this.#options = options;
    this.#filter = compileFilter(options);
    this.#hostRoot = hostRoot;
    this.#env = env;
  }

  decide(container: Container): Decision {
    if (container.logPath === "") return { matches: false, reason: "the runtime writes no log file for it" };
    return this.#filter.decide(container);
  }

  source(container: Container): Source {
    const path = tryResolveHostPath(this.#hostRoot, container.logPath, this.#env.files);
    return {
      key: `${container.id}:${container.logPath}`,
      path: path ?? this.#hostRoot + container.logPath,
      container,
      tags: containerTags(container),
    };
  }

  decoder(kernel: Kernel, source: Source, counts: DecodeCounts): Decoder {
    const nowSeconds = () => Math.floor(this.#env.now() / 1000);
    return new CriDecoder(kernel, source, this.#options, counts, nowSeconds);
  }
}
