/**
 * What delivery in transactions reads, on mutated bytes: answers of brokers and the record batches of the positions topic. Only the errors that
 * are declared, and neither time nor memory by a length that the bytes claim.
 *
 * @module
 */
import { assert, assertLess } from "@std/assert";
import { parseCreateTopicAnswer } from "../../src/deliver/kafka/exactly_once/create_topic_request.ts";
import { parseDescribeTopicAnswer } from "../../src/deliver/kafka/exactly_once/describe_topic_request.ts";
import { parseFetchAnswer, parseListOffsetsAnswer } from "../../src/deliver/kafka/exactly_once/fetch_request.ts";
import { fetchedBatches, isCommitMark } from "../../src/deliver/kafka/exactly_once/fetched_batches.ts";
import { MemoryBatch } from "../../src/deliver/kafka/exactly_once/memory_batch.ts";
import { parsePosition, positionRecord } from "../../src/deliver/kafka/exactly_once/position_records.ts";
import {
  parseAddPartitionsAnswer,
  parseEndTransactionAnswer,
  parseFindCoordinatorAnswer,
} from "../../src/deliver/kafka/exactly_once/transaction_requests.ts";
import { WireWriter } from "../../src/deliver/kafka/wire.ts";
import type { Random } from "../support/random.ts";
import { encodeControlBatch } from "../support/record_batch.ts";
import { fuzz } from "./fuzz.ts";
import { Mutator } from "./mutate.ts";

const IDENTITY = { device: 1, inode: 2, headBytes: 3, headHash: 4 };
const RECORD = positionRecord("sluice/node/web", "c:/var/log/x.log", { identity: IDENTITY, offset: 5 });
const BATCH = MemoryBatch.of([RECORD, { key: "gone", value: null }], 1_700_000_000_000);
BATCH.seal(7n, 1, 0, 0x10);
const MARK = encodeControlBatch(true, { producerId: 7n, producerEpoch: 1, baseSequence: -1 });
const BATCHES = new Uint8Array([...BATCH.frame(new Uint8Array()), ...MARK]);

const head = () => new WireWriter(1024).int32(0);
const FETCH = head().int32(1).string("p").int32(1).int32(3).int16(0).int64(9n).int64(9n).int32(1).int64(7n).int64(2n)
  .int32(BATCHES.length).raw(BATCHES).bytes().slice();
const OFFSETS = new WireWriter().int32(1).string("p").int32(1).int32(3).int16(0).int64(-1n).int64(9n).bytes().slice();
const COORDINATOR = head().int16(0).string(null).int32(7).string("host").int32(9092).bytes().slice();
const ADDED = head().int32(1).string("p").int32(1).int32(3).int16(0).bytes().slice();
const CREATED = head().int32(1).string("p").int16(0).string(null).bytes().slice();
const DESCRIBED = head().int32(1).int16(0).string(null).int8(2).string("p").int32(1).string("cleanup.policy")
  .string("compact").int8(0).int8(1).int8(0).int32(0).bytes().slice();
const TOKENS = [
  new WireWriter().int32(2 ** 31 - 1).bytes(),
  new WireWriter().int32(-1).bytes(),
  Uint8Array.of(0x80, 0x80),
];

function readBatches(bytes: Uint8Array): void {
  for (const { records } of fetchedBatches(bytes)) {
    assertLess(records.length, bytes.length, "more records than bytes");
    records.forEach((record) => record.key !== null && record.key.length >= 4 && isCommitMark(record));
  }
}

const parsers: readonly { readonly parse: (bytes: Uint8Array) => unknown; readonly mutator: Mutator }[] = [
  { parse: readBatches, mutator: new Mutator([BATCHES], TOKENS) },
  { parse: parseFetchAnswer, mutator: new Mutator([FETCH], TOKENS) },
  { parse: parseListOffsetsAnswer, mutator: new Mutator([OFFSETS], TOKENS) },
  { parse: parseFindCoordinatorAnswer, mutator: new Mutator([COORDINATOR], TOKENS) },
  { parse: parseAddPartitionsAnswer, mutator: new Mutator([ADDED], TOKENS) },
  { parse: parseEndTransactionAnswer, mutator: new Mutator([ADDED], TOKENS) },
  { parse: parseCreateTopicAnswer, mutator: new Mutator([CREATED], TOKENS) },
  { parse: parseDescribeTopicAnswer, mutator: new Mutator([DESCRIBED], TOKENS) },
];

function parseMutant(random: Random): void {
  const { parse, mutator } = random.pick(parsers);
  try {
    parse(mutator.mutant(random));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

Deno.test("a mutated answer about a transaction, or a mutated batch of positions, is read or is a RangeError", async () => {
  assert(await fuzz("transaction answers", parseMutant) > 1000);
});

Deno.test("a mutated position is one, or an error", async () => {
  const mutator = new Mutator([new TextEncoder().encode(RECORD.value!)], [new TextEncoder().encode('"pending":{}')]);
  const parse = (random: Random) => {
    try {
      const { offset } = parsePosition(new TextDecoder().decode(mutator.mutant(random)));
      assert(Number.isInteger(offset) && offset >= 0);
    } catch (error) {
      if (!(error instanceof Error) || error.name === "AssertionError") throw error;
    }
  };
  assert(await fuzz("positions", parse) > 1000);
});
