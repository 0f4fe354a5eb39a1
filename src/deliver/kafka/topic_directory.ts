/**
 * What is known of one topic: its partitions and their leaders, asked for when needed, kept until it proves wrong or grows old.
 *
 * @module
 */
import type { Env } from "../../core/env.ts";
import { BrokerError } from "./broker_error.ts";
import type { BrokerDirectory } from "./cluster.ts";
import type { TopicMetadata } from "./metadata_request.ts";

/** The metadata of one topic. */
export class TopicDirectory {
  readonly name: string;
  readonly #cluster: BrokerDirectory;
  readonly #env: Env;
  readonly #ageMaxMs: number;
  #metadata: TopicMetadata | undefined;
  #askedAtMs = 0;
  #valid = false;
  #asking: Promise<TopicMetadata> | undefined;

  constructor(name: string, cluster: BrokerDirectory, env: Env, ageMaxMs: number) {
    this.name = name;
    this.#cluster = cluster;
    this.#env = env;
    this.#ageMaxMs = ageMaxMs;
  }

  /** What was last known, which may be wrong by now; undefined before the first answer. Starts asking where it grew old. */
  get known(): TopicMetadata | undefined {
    const old = this.#metadata !== undefined && this.#env.now() - this.#askedAtMs > this.#ageMaxMs;
    // Whoever needs a true answer asks for it, and reports the failure.
    if (old) this.#ask().catch(() => {});
    return this.#metadata;
  }

  /** Says that what is known led to a failure: `current` will ask again. */
  invalidate(): void {
    this.#valid = false;
  }

  /** What `current` would resolve with at once; undefined where it would ask. */
  get currentIfKnown(): TopicMetadata | undefined {
    return this.#valid ? this.#metadata : undefined;
  }

  /**
   * What is known unless it was invalidated, else what a broker says now.
   *
   * @throws {Error} when no broker answers, {BrokerError} when the topic does not exist or is not ours. Not retried here.
   */
  async current(): Promise<TopicMetadata> {
    return this.currentIfKnown ?? await this.#ask();
  }

  #ask(): Promise<TopicMetadata> {
    this.#asking ??= this.#request().finally(() => this.#asking = undefined);
    return this.#asking;
  }

  async #request(): Promise<TopicMetadata> {
    this.#askedAtMs = this.#env.now();
    const metadata = await this.#cluster.metadata(this.name);
    if (metadata.errorCode !== 0) throw new BrokerError(metadata.errorCode);
    this.#metadata = metadata;
    this.#valid = true;
    return metadata;
  }
}
