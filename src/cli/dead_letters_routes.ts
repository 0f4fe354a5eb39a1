/**
 * Which flusher of the configuration a dead letter is sent through: one that names its topic, of the pipeline and the cluster that it
 * came from where these are still there. Sends nothing.
 *
 * @module
 */
import type { PipelineConfig } from "../config/validate.ts";
import type { DeadLetter } from "../deliver/dead_letters.ts";
import type { FlusherKafkaV2Options } from "../deliver/kafka/options.ts";

/** A flusher that records can be sent through. */
export interface LetterRoute {
  readonly pipeline: string;
  readonly options: FlusherKafkaV2Options;
}

/** A route, or why there is none. */
export type RouteAnswer = LetterRoute | { readonly refusal: string };

/** The Kafka flushers of pipelines. */
export function routesOf(pipelines: readonly PipelineConfig[]): readonly LetterRoute[] {
  return pipelines.flatMap(({ name, flushers }) =>
    flushers.filter(({ declaration }) => declaration.name === "flusher_kafka_v2").map(({ options }) => ({
      pipeline: name,
      // The declaration's schema has made them.
      options: options as FlusherKafkaV2Options,
    }))
  );
}

/** @param to the topic it shall go to in place of its own. */
export function findRoute(letter: DeadLetter, routes: readonly LetterRoute[], to: string | undefined): RouteAnswer {
  const candidates = firstNotEmpty([
    routes.filter(({ options }) => isNamed(letter.topic, options)),
    to === undefined ? [] : routes.filter(({ options }) => isNamed(to, options)),
    to === undefined ? [] : routes.filter(({ pipeline }) => pipeline === letter.pipeline),
  ]);
  if (candidates.length === 0) return { refusal: refusalOf(letter, to) };
  const ofPipeline = preferred(candidates, ({ pipeline }) => pipeline === letter.pipeline);
  const [route, ...others] = preferred(
    ofPipeline,
    ({ options }) => clusterOf(options.brokers) === clusterOf(letter.brokers),
  );
  if (others.every(({ options }) => clusterOf(options.brokers) === clusterOf(route.options.brokers))) return route;
  return { refusal: "flushers of several clusters name it: --config with the file of the one that is meant helps" };
}

function refusalOf({ topic }: DeadLetter, to: string | undefined): string {
  if (to !== undefined) return "no flusher_kafka_v2 of the configuration names this topic or that of --to";
  return topic === ""
    ? "it has no topic: --to gives it one"
    : "no flusher_kafka_v2 of the configuration names this topic";
}

function isNamed(topic: string, { routing }: FlusherKafkaV2Options): boolean {
  if (topic === "") return false;
  // Topics have no other characters that mean something in a pattern.
  const texts = routing.topic.texts.map((text) => text.replaceAll(".", "\\."));
  return topic === routing.fallbackTopic || new RegExp(`^${texts.join(".+")}$`).test(topic);
}

function clusterOf(brokers: readonly string[] | undefined): string {
  return (brokers ?? []).toSorted().join();
}

function firstNotEmpty<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists.find((list) => list.length > 0) ?? [];
}

/** Those that `isBetter`, or all where none is. */
function preferred<T>(all: readonly T[], isBetter: (one: T) => boolean): readonly T[] {
  return firstNotEmpty([all.filter(isBetter), all]);
}
