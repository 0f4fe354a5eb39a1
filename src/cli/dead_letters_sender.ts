/**
 * Sends dead letters again, with the keys that they had, the flusher's headers and its compression. What a topic finds too large goes
 * one by one. Nothing is tried for ever: what Kafka does not take in time stays where it is, as does what it refuses.
 *
 * @module
 */
import type { Env } from "../core/env.ts";
import type { Log } from "../core/log.ts";
import { batchCodec } from "../deliver/kafka/compression.ts";
import type { SendOutcome } from "../deliver/kafka/outcome.ts";
import { partitionOf, type Placement } from "../deliver/kafka/partitioner.ts";
import type { KafkaProducer } from "../deliver/kafka/producer.ts";
import { connectProducer } from "../deliver/kafka/producer_pool.ts";
import { producerOptions } from "../flusher_plugins.ts";
import { Envelope } from "../kernel/envelope.ts";
import { compileKernel, Kernel } from "../kernel/kernel.ts";
import type { KernelSlot } from "../kernel/slot.ts";
import { Template } from "../kernel/template.ts";
import { KEY_COLUMN, MESSAGE_COLUMN, type RowText } from "../kernel/text_rows.ts";
import type { DeadLetter } from "../deliver/dead_letters.ts";
import type { ReadLetter } from "./dead_letters_file.ts";
import type { LetterRoute } from "./dead_letters_routes.ts";

const BATCH_BYTES_MAX = 1_000_000;
/** What a batch of one record takes beside its message, and more. */
const RECORD_EXTRA_BYTES = 1024;
/** Batches are not made smaller than this by what a topic refuses, until their records go one by one. */
const BATCH_BYTES_MIN = 16 * 1024;
const ROWS_MAX = 4096;
/** How long Kafka may take for one batch. */
const ANSWER_MS_MAX = 30_000;
const MESSAGE_TEMPLATE = new Template([{ kind: "verbatim", column: MESSAGE_COLUMN }]);

/** Letters that go the same way. */
export interface LetterGroup {
  readonly route: LetterRoute;
  readonly topic: string;
  readonly letters: readonly ReadLetter[];
}

/** Is told what becomes of each letter: acknowledged, or why not. */
export type TellFate = (letter: ReadLetter, topic: string, refusal: string | undefined) => void;

/** What a sender needs. */
export interface LetterSenderParts {
  readonly env: Env;
  readonly log: Log;
  /** Ends all sending: what is not acknowledged then stays. */
  readonly signal: AbortSignal;
}

/** Letters of one batch, or of several: all go to one partition or wherever, and all have keys or none has. */
interface Shipment extends LetterGroup {
  readonly placement: Placement;
  readonly hasKeys: boolean;
}

/** Sends letters to Kafka. */
export class LetterSender {
  readonly #parts: LetterSenderParts;
  readonly #kernel: Kernel;
  readonly #producers = new Map<string, KafkaProducer>();
  /** Topics that were waited for in vain, and why. */
  readonly #givenUp = new Map<string, string>();
  /** What topics have taken so far, in bytes of a batch; where they have refused one. */
  readonly #batchBytesMax = new Map<string, number>();

  /** @param messageBytesMax the longest message that will come, in bytes. */
  constructor(messageBytesMax: number, parts: LetterSenderParts) {
    this.#parts = parts;
    const batchBytesMax = Math.max(BATCH_BYTES_MAX, messageBytesMax + RECORD_EXTRA_BYTES);
    const limits = { lineBytesMax: RECORD_EXTRA_BYTES, batchBytesMax, slots: 1, rowsMax: ROWS_MAX };
    this.#kernel = new Kernel(compileKernel(), limits);
  }

  /** Sends letters in order and tells of each. Never rejects for the world's sake. */
  async send(group: LetterGroup, tell: TellFate): Promise<void> {
    for (const shipment of await this.#shipments(group)) await this.#ship(shipment, tell);
  }

  /** Disconnects. */
  async stop(): Promise<void> {
    await Promise.all([...this.#producers.values()].map((producer) => producer.stop(0)));
  }

  async #shipments(group: LetterGroup): Promise<readonly Shipment[]> {
    const { partitioner } = group.route.options;
    const hashed = partitioner === "random" || partitioner === "roundrobin" ? undefined : partitioner;
    const isCounted = hashed !== undefined && group.letters.some(({ letter }) => letter.key !== undefined);
    const count = isCounted ? await this.#partitions(group) : 1;
    const place = ({ key }: DeadLetter): Placement =>
      hashed === undefined || key === undefined ? "random" : partitionOf(hashed, key, count);
    const shipments = Map.groupBy(group.letters, ({ letter }) => `${place(letter)} ${letter.key !== undefined}`);
    return [...shipments.values()].map((letters) => {
      const [{ letter }] = letters;
      return { ...group, letters, placement: place(letter), hasKeys: letter.key !== undefined };
    });
  }

  /** 1 where Kafka does not say: sending then tells why. */
  async #partitions(group: LetterGroup): Promise<number> {
    if (this.#givenUp.has(nameOf(group))) return 1;
    return await this.#inTime(group, (producer) => producer.partitions(group.topic));
  }

  async #ship(shipment: Shipment, tell: TellFate): Promise<void> {
    const { letters, hasKeys } = shipment;
    const messages = letters.map(({ letter }) => messageOf(letter));
    const keys = hasKeys ? letters.map(({ letter }) => letter.key ?? "") : undefined;
    for (let from = 0; from < letters.length;) {
      const rows = this.#kernel.setTexts(messages, from, keys);
      if (rows === 0) tell(letters[from++], shipment.topic, "it is longer than was expected");
      await this.#shipRows({ ...shipment, letters: letters.slice(from, from + rows) }, tell);
      from += rows;
    }
  }

  /** The letters are the kernel's rows. */
  async #shipRows(shipment: Shipment, tell: TellFate): Promise<void> {
    const { letters, hasKeys, route: { options } } = shipment;
    const envelope = new Envelope(hasKeys ? { column: KEY_COLUMN } : undefined, options.headers);
    for (let row = 0; row < letters.length;) {
      const slot = await this.#kernel.takeSlot(this.#parts.env.now);
      slot.limitTo(Math.min(options.messageBytesMax, BATCH_BYTES_MAX));
      slot.compressWith(batchCodec(options.compression, options.compressionLevel));
      const rowTo = Math.min(letters.length, row + options.recordsMax);
      const next = this.#kernel.renderRecords(MESSAGE_TEMPLATE, row, rowTo, slot, envelope);
      await this.#shipSlot({ ...shipment, letters: letters.slice(row, next) }, slot, tell);
      slot.release();
      row = next;
    }
  }

  /** The letters are the slot's records. */
  async #shipSlot(shipment: Shipment, slot: KernelSlot, tell: TellFate): Promise<void> {
    const { letters, topic } = shipment;
    for (let done = 0; done < letters.length;) {
      this.#fit(slot, shipment);
      const outcome = await this.#outcomeOf(shipment, slot);
      if (outcome.kind === "undeliverable" && outcome.tooLarge && slot.recordCount > 1) {
        this.#learn(slot, shipment);
        continue;
      }
      const refusal = this.#tryRefusal(shipment, outcome);
      const end = outcome.kind === "abandoned" ? letters.length : done + slot.recordCount;
      for (const letter of letters.slice(done, end)) tell(letter, topic, refusal);
      done = end;
      if (done < letters.length) slot.takeRest();
    }
  }

  #learn(slot: KernelSlot, group: LetterGroup): void {
    const bytesMax = Math.max(BATCH_BYTES_MIN, Math.floor(slot.renderedBytes / 2));
    this.#batchBytesMax.set(nameOf(group), bytesMax);
    if (slot.renderedBytes <= bytesMax) slot.narrow(1);
  }

  /** Puts records aside until the batch is as small as the topic wants it. */
  #fit(slot: KernelSlot, group: LetterGroup): void {
    const bytesMax = this.#batchBytesMax.get(nameOf(group)) ?? Infinity;
    while (slot.renderedBytes > bytesMax && slot.recordCount > 1) {
      slot.narrow(Math.max(1, Math.floor(slot.recordCount * bytesMax / slot.renderedBytes)));
    }
  }

  async #outcomeOf(shipment: Shipment, slot: KernelSlot): Promise<SendOutcome> {
    if (this.#givenUp.has(nameOf(shipment)) || this.#parts.signal.aborted) return { kind: "abandoned" };
    const { topic, placement } = shipment;
    return await this.#inTime(shipment, (producer) => producer.send(topic, slot, placement));
  }

  #tryRefusal(shipment: Shipment, outcome: SendOutcome): string | undefined {
    if (outcome.kind === "acknowledged") return undefined;
    if (outcome.kind === "undeliverable") return outcome.reason;
    return this.#givenUp.get(nameOf(shipment)) ?? "sending was stopped";
  }

  /** Where Kafka takes too long, or the command is told to stop, the topic is given up, and the producer answers as it does then. */
  async #inTime<T>(group: LetterGroup, ask: (producer: KafkaProducer) => Promise<T>): Promise<T> {
    const { env, signal } = this.#parts;
    const producer = this.#producerOf(group.route);
    const answered = new AbortController();
    const late = env.sleep(ANSWER_MS_MAX, AbortSignal.any([signal, answered.signal])).then(() => undefined);
    const asked = ask(producer);
    const answer = await Promise.race([asked, late]);
    answered.abort();
    if (answer !== undefined) return answer;
    // After this nothing reads the slot any more. What was on its way may have arrived.
    await producer.stop(0);
    this.#producers.delete(keyOf(group.route));
    const reason = signal.aborted ? "sending was stopped" : `Kafka did not take it within ${ANSWER_MS_MAX / 1000} s`;
    this.#givenUp.set(nameOf(group), reason);
    return await asked;
  }

  #producerOf(route: LetterRoute): KafkaProducer {
    const key = keyOf(route);
    const { env, log } = this.#parts;
    const producer = this.#producers.get(key) ?? connectProducer(producerOptions(route.options), env, log);
    this.#producers.set(key, producer);
    return producer;
  }
}

function keyOf({ options }: LetterRoute): string {
  return JSON.stringify(producerOptions(options));
}

function nameOf({ route, topic }: LetterGroup): string {
  return `${topic} ${keyOf(route)}`;
}

function messageOf({ message, messageBase64 }: DeadLetter): RowText {
  return message ?? Uint8Array.fromBase64(messageBase64 ?? "");
}
