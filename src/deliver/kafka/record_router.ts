/**
 * Which topic a record goes to, and under which key: from the options, and from the record's fields where the options name some. A
 * whole batch is answered at once where all its records have the same.
 *
 * @module
 */
import { type Batch, type Field, runsOf } from "../../core/batch.ts";
import type { LogRecord } from "../../core/record.ts";
import { type FieldPath, type TopicPattern, tryTopic, tryTopicFault } from "./topic_pattern.ts";

/** What the options say of topics and keys. */
export interface RoutingOptions {
  readonly topic: TopicPattern;
  /** Where records go that lack what the topic is made of; undefined: nowhere. */
  readonly fallbackTopic: string | undefined;
  /** The fields whose values make the key; undefined: records have none. */
  readonly hashKeys: readonly FieldPath[] | undefined;
  /** Whether the first key is that of all records. */
  readonly hashOnce: boolean;
}

/** Where a record goes, or why it cannot go anywhere. */
export type Route =
  | { readonly topic: string; readonly key: string | undefined }
  | { readonly refusal: string };

/** Where a value is: in the field with this index, or it is always this text. */
export type FieldPlace = { readonly field: number } | { readonly text: string };

/** Finds the places of some paths in records with fields of these names. */
export interface FieldPlaces {
  find(fields: readonly { readonly name: string }[]): readonly (FieldPlace | undefined)[];
}

/** Makes `FieldPlaces` for paths: which field is a tag, and what it is called, is for the form of the messages to say. */
export type MakeFieldPlaces = (paths: readonly FieldPath[]) => FieldPlaces;

/** What the original puts between the values of a key. */
const KEY_CONNECTOR = "###";

/** Answers for the records of one flusher. */
export class RecordRouter {
  readonly #options: RoutingOptions;
  readonly #places: FieldPlaces;
  /** Where all records go; undefined where that depends on what is in them. */
  readonly #fixed: Route | undefined;
  readonly #common = new WeakMap<readonly Field[], { readonly route: Route | undefined }>();
  #onceKey: string | undefined;

  constructor(options: RoutingOptions, makePlaces: MakeFieldPlaces) {
    const paths = [...options.topic.paths, ...options.hashKeys ?? []];
    this.#options = options;
    this.#places = makePlaces(paths);
    this.#fixed = paths.length === 0 ? this.#route([]) : undefined;
  }

  /** The route of every record of `batch`, the same object where it is the same for all batches; undefined where they differ, or may. */
  tryCommon(batch: Batch): Route | undefined {
    if (this.#fixed !== undefined) return this.#fixed;
    if (batch.records !== undefined) return undefined;
    const routes = runsOf(batch).map(({ fields }) => this.#commonOf(fields));
    return routes.every((route) => areAlike(route, routes[0])) ? routes[0] : undefined;
  }

  /** The route of one record. */
  route({ fields }: LogRecord): Route {
    const places = this.#places.find(fields);
    return this.#route(places.map((place) => place && ("text" in place ? place.text : fields[place.field].value)));
  }

  #commonOf(fields: readonly Field[]): Route | undefined {
    const known = this.#common.get(fields);
    if (known !== undefined) return known.route;
    const route = this.#tryCommonOf(fields);
    this.#common.set(fields, { route });
    return route;
  }

  #tryCommonOf(fields: readonly Field[]): Route | undefined {
    const texts: (string | undefined)[] = [];
    for (const place of this.#places.find(fields)) {
      const found = place && ("text" in place ? place : fields[place.field]);
      if (found !== undefined && !("text" in found)) return undefined;
      texts.push(found?.text);
    }
    return this.#route(texts);
  }

  /** @param values those of the topic, then those of the key. */
  #route(values: readonly (string | undefined)[]): Route {
    const { topic: pattern, fallbackTopic } = this.#options;
    const count = pattern.paths.length;
    const topic = tryTopic(pattern, values.slice(0, count)) ?? fallbackTopic;
    if (topic === undefined) return { refusal: `it has no ${this.#missing(values)}, which its topic is made of` };
    const fault = tryTopicFault(topic);
    return fault === undefined ? { topic, key: this.#tryKey(values.slice(count)) } : { refusal: `its topic ${fault}` };
  }

  #missing(values: readonly (string | undefined)[]): string {
    const missing = this.#options.topic.paths.filter((_, index) => !values[index]);
    return missing.map(({ kind, name }) => `${kind} ${name}`).join(" and no ");
  }

  /** Where none of the fields is there the key is empty, as in the original. */
  #tryKey(values: readonly (string | undefined)[]): string | undefined {
    const { hashKeys, hashOnce } = this.#options;
    if (hashKeys === undefined) return undefined;
    if (hashOnce && this.#onceKey !== undefined) return this.#onceKey;
    const key = values.filter((value) => value !== undefined).join(KEY_CONNECTOR);
    if (hashOnce && key !== "") this.#onceKey = key;
    return key;
  }
}

function areAlike(route: Route | undefined, other: Route | undefined): boolean {
  if (route === undefined || other === undefined || "refusal" in route || "refusal" in other) return route === other;
  return route.topic === other.topic && route.key === other.key;
}
