/**
 * One producer per cluster and set of options, shared by all flushers that ask for it, so that a node keeps one connection to a
 * broker however many pipelines it runs.
 *
 * @module
 */
import type { Env } from "../../core/env.ts";
import type { Log } from "../../core/log.ts";
import { type BrokerDirectory, KafkaCluster } from "./cluster.ts";
import { KafkaProducer, type ProducerOptions } from "./producer.ts";

/**
 * A producer with connections of its own; it opens them when they are needed.
 *
 * @throws {TypeError} when a broker is not `host:port`.
 */
export function connectProducer(options: ProducerOptions, env: Env, log: Log): KafkaProducer {
  return new KafkaProducer(options, env, log, new KafkaCluster(options, env));
}

/** Makes producers when they are first asked for, and stops them all. */
export class ProducerPool {
  readonly #env: Env;
  readonly #log: Log;
  readonly #producers = new Map<string, KafkaProducer>();

  constructor(env: Env, log: Log) {
    this.#env = env;
    this.#log = log;
  }

  /** The producer for `options`. */
  get(options: ProducerOptions): KafkaProducer {
    const key = JSON.stringify(options);
    const known = this.#producers.get(key);
    if (known !== undefined) return known;
    const producer = connectProducer(options, this.#env, this.#log);
    this.#producers.set(key, producer);
    return producer;
  }

  /** Connections of their own, for whoever sends under a name that nobody else may use. The caller stops them. */
  connect(options: ProducerOptions): BrokerDirectory {
    return new KafkaCluster(options, this.#env);
  }

  /** Delivers what is pending for at most `deadlineMs`, then disconnects. */
  async stop(deadlineMs: number): Promise<void> {
    await Promise.all([...this.#producers.values()].map((producer) => producer.stop(deadlineMs)));
  }
}
