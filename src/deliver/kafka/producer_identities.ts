/**
 * The identity under which the producer numbers its batches: asked for when first needed, and again when a broker refuses it.
 * Partitions change over one by one, each when its own answers tell; a number is only ever counted per identity and partition.
 *
 * @module
 */
import { BrokerError } from "./broker_error.ts";
import type { BrokerDirectory } from "./cluster.ts";
import { initProducerIdRequest, parseInitProducerIdAnswer, type ProducerIdentity } from "./init_producer_id_request.ts";
import type { ProducerCounters } from "./outcome.ts";

/** Hands out the current identity. */
export class ProducerIdentities {
  readonly #cluster: BrokerDirectory;
  readonly #counters: ProducerCounters;
  #current: ProducerIdentity | undefined;
  #asking: Promise<ProducerIdentity> | undefined;

  constructor(cluster: BrokerDirectory, counters: ProducerCounters) {
    this.#cluster = cluster;
    this.#counters = counters;
  }

  /**
   * @param refused an identity that a broker refused: the answer is another.
   * @throws {Error} when no broker answers, {BrokerError} when it refuses. Not retried here.
   */
  async current(refused: ProducerIdentity | undefined): Promise<ProducerIdentity> {
    if (this.#current !== undefined && this.#current === refused) {
      this.#current = undefined;
      this.#counters.identityRenewals++;
    }
    return this.#current ?? await this.#ask();
  }

  #ask(): Promise<ProducerIdentity> {
    this.#asking ??= this.#request().finally(() => this.#asking = undefined);
    return this.#asking;
  }

  async #request(): Promise<ProducerIdentity> {
    const channel = await this.#cluster.connection();
    const { errorCode, producerId, epoch } = parseInitProducerIdAnswer(await channel.request(initProducerIdRequest));
    if (errorCode !== 0) throw new BrokerError(errorCode);
    this.#current = { producerId, epoch };
    return this.#current;
  }
}
