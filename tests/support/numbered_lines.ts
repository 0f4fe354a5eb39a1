/**
 * Numbered lines and the proof that each of them arrived once and in order: a writer's text is its name and a count, and whoever
 * reads the topic knows which number must come next.
 *
 * Invariant: the topic has one partition, so that a writer's order is the topic's.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { type ConsumedMessage, TopicFollower } from "./kafka_reader.ts";

const CONTENT = /"Key":"content","Value":"([a-z0-9-]+) (\d+)[ "]/;
/** What a source's records have in common begins with this field; see `src/inputs/container_tags.ts`. */
const TAGS_START = '{"Key":"_image_name_"';
const PROBLEMS_MAX = 10;
const LOOK_INTERVAL_MS = 20;

/** A line without a number, the same for all writers. */
export const BANNER = "the banner with which every program of this kind begins";

/** Texts of lines `from` to `to`, exclusively; numbers begin with 0. The name must be in lower case. */
export function numberedLines(writer: string, from: number, to: number, padding = ""): string[] {
  const end = padding === "" ? "" : ` ${padding}`;
  return Array.from({ length: to - from }, (_, index) => `${writer} ${from + index}${end}`);
}

/** What is known of one writer. */
interface Arrived {
  /** The number that must come next. */
  next: number;
  readonly tags: Set<string>;
}

/** The numbered lines in a topic, checked as they come. Dispose of it with `using`. */
export class Arrivals implements Disposable {
  readonly #follower: TopicFollower;
  readonly #writers = new Map<string, Arrived>();
  readonly #problems: string[] = [];
  #total = 0;
  #banners = 0;

  private constructor(follower: TopicFollower) {
    this.#follower = follower;
  }

  /** Begins at the topic's start. */
  static async follow(port: number, topic: string): Promise<Arrivals> {
    return new Arrivals(await TopicFollower.connect(port, topic));
  }

  [Symbol.dispose](): void {
    this.#follower[Symbol.dispose]();
  }

  /** Number of messages so far. */
  get total(): number {
    return this.#total;
  }

  /** Number of lines {@link BANNER} so far. */
  get banners(): number {
    return this.#banners;
  }

  /** Up to which number, exclusively, a writer's lines have come. */
  count(writer: string): number {
    return this.#writers.get(writer)?.next ?? 0;
  }

  /** The different sets of tags on a writer's lines, as JSON text. */
  tags(writer: string): readonly string[] {
    return [...this.#writers.get(writer)?.tags ?? []];
  }

  readOn(): Promise<void> {
    return this.#follower.readOn((message) => this.#take(message));
  }

  /** Reads on until so many messages have come, or something is wrong with them. @throws {Error} after `timeoutMs`. */
  async untilTotal(total: number, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      await this.readOn();
      if (this.#total >= total || this.#problems.length > 0) return;
      if (Date.now() > deadline) throw new Error(`${this.#total} of ${total} lines have come in ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
  }

  /** Checks that of each writer exactly the lines 0 to its count have come, once and in order. */
  check(counts: Readonly<Record<string, number>>): void {
    assertEquals(this.#problems, []);
    assertEquals(Object.fromEntries([...this.#writers].map(([name, { next }]) => [name, next])), counts);
  }

  #take({ offset, value }: ConsumedMessage): void {
    this.#total++;
    const message = new TextDecoder().decode(value!);
    if (message.includes(BANNER)) return void this.#banners++;
    const match = CONTENT.exec(message);
    if (match === null) return this.#complain(`message ${offset} holds no numbered line: ${message}`);
    const [, name, number] = match;
    const writer = this.#writers.get(name) ?? { next: 0, tags: new Set<string>() };
    this.#writers.set(name, writer);
    if (Number(number) !== writer.next) this.#complain(`${name}: line ${number} came in place of ${writer.next}`);
    writer.next = Number(number) + 1;
    writer.tags.add(message.slice(message.indexOf(TAGS_START), -"]}".length));
  }

  #complain(problem: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(problem);
  }
}
