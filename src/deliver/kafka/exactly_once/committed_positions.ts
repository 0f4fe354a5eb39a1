/**
 * What is committed of one transactional id: where in the positions topic, who delivers, which transaction was the last, and which sources
 * have positions.
 *
 * @module
 */
import type { Env } from "../../../core/env.ts";
import type { Log } from "../../../core/log.ts";
import type { Position } from "../../../core/position.ts";
import { type KeyedRecord, MemoryBatch } from "./memory_batch.ts";
import {
  headRecord,
  parseHead,
  parsePosition,
  positionRecord,
  type PositionsHead,
  trySourceKey,
} from "./position_records.ts";
import type { KeptRecord, PositionsTopic } from "./positions_topic.ts";

/** Topics take batches of this size at least, unless somebody has made them smaller. */
const BATCH_CHARS_MAX = 500_000;

/** The committed positions of one agent and pipeline. */
export class CommittedPositions {
  partition = 0;
  readonly #name: string;
  readonly #env: Env;
  readonly #log: Log;
  readonly #owner: string;
  readonly #keys = new Set<string>();
  /** The number of the transaction that is committed next. */
  #next = 0;

  /** @param name the transactional id, which all keys begin with. */
  constructor(name: string, env: Env, log: Log) {
    this.#name = name;
    this.#env = env;
    this.#log = log;
    this.#owner = `${env.now().toString(36)}-${Math.floor(env.random() * 2 ** 32).toString(36)}`;
  }

  /** Whether this life of the agent is known as the one that delivers. */
  get isClaimed(): boolean {
    return this.#next > 0;
  }

  /** Whether a position of the source is committed. */
  has(sourceKey: string): boolean {
    return this.#keys.has(sourceKey);
  }

  /** Makes the topic where it is missing, and finds the partition: the same in each life. */
  async locate(topic: PositionsTopic): Promise<void> {
    this.partition = hash(this.#name) % await topic.partitionCount();
  }

  /** Reads all positions. */
  async readAll(topic: PositionsTopic): Promise<ReadonlyMap<string, Position>> {
    const values = new Map<string, string>();
    await topic.read(this.partition, (record) => this.#take(record, values));
    const positions = new Map<string, Position>();
    this.#keys.clear();
    for (const [key, value] of values) {
      this.#keys.add(key);
      const position = this.#tryParse(key, value);
      if (position !== undefined) positions.set(key, position);
    }
    return positions;
  }

  /** The first transaction, which says who delivers, is committed. */
  claimed(): void {
    this.#next = 1;
  }

  /** A transaction is committed. */
  note(positions: ReadonlyMap<string, Position | undefined>): void {
    this.#next++;
    for (const [key, position] of positions) {
      if (position === undefined) this.#keys.delete(key);
      else this.#keys.add(key);
    }
  }

  /** Whether nobody else has begun to deliver since this life did. */
  async isOurs(topic: PositionsTopic): Promise<boolean> {
    const head = await this.#readHead(topic);
    return head === undefined || head.owner === this.#owner;
  }

  /** Whether the transaction that came next is committed; undefined: somebody else delivers. */
  async isCommitted(topic: PositionsTopic): Promise<boolean | undefined> {
    const head = await this.#readHead(topic);
    if (head === undefined) return false;
    return head.owner === this.#owner ? head.transaction >= this.#next : undefined;
  }

  /** The record batches that commit positions, and the number of the transaction that comes next. */
  *batchesOf(positions: ReadonlyMap<string, Position | undefined>): Generator<MemoryBatch> {
    const now = this.#env.now();
    const head = headRecord(this.#name, { owner: this.#owner, transaction: this.#next });
    let records: KeyedRecord[] = [head];
    let chars = 0;
    for (const [key, position] of positions) {
      const record = positionRecord(this.#name, key, position);
      const size = record.key.length + (record.value?.length ?? 0);
      if (chars > 0 && chars + size > BATCH_CHARS_MAX) {
        yield MemoryBatch.of(records, now);
        records = [];
        chars = 0;
      }
      records.push(record);
      chars += size;
    }
    yield MemoryBatch.of(records, now);
  }

  async #readHead(topic: PositionsTopic): Promise<PositionsHead | undefined> {
    let head: string | undefined;
    await topic.read(this.partition, ({ key, value }) => {
      if (key === this.#name) head = value ?? undefined;
    });
    return head === undefined ? undefined : parseHead(head);
  }

  #take({ key, value }: KeptRecord, values: Map<string, string>): void {
    const sourceKey = trySourceKey(this.#name, key);
    if (sourceKey === undefined) return;
    if (value === null) values.delete(sourceKey);
    else values.set(sourceKey, value);
  }

  #tryParse(sourceKey: string, value: string): Position | undefined {
    try {
      return parsePosition(value);
    } catch {
      const consequence = "what was delivered of it is delivered once more, unless the checkpoint knows better";
      this.#log.warn(`The committed position of ${sourceKey} is none of this version: ${consequence}`);
      return undefined;
    }
  }
}

/** FNV-1a, 32 bits, of the text's UTF-16 units. */
function hash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
