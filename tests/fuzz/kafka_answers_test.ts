/**
 * What reads a broker's answers, on mutated ones: only the errors that are declared, and neither time nor memory by a length that the
 * answer claims.
 *
 * @module
 */
import { assert, assertLess } from "@std/assert";
import { describeErrorCode } from "../../src/deliver/kafka/error_codes.ts";
import { parseInitProducerIdAnswer } from "../../src/deliver/kafka/init_producer_id_request.ts";
import { parseMetadataAnswer } from "../../src/deliver/kafka/metadata_request.ts";
import { parseProduceAnswer } from "../../src/deliver/kafka/produce_request.ts";
import { WireWriter } from "../../src/deliver/kafka/wire.ts";
import type { Random } from "../support/random.ts";
import { fuzz } from "./fuzz.ts";
import { Mutator } from "./mutate.ts";

const METADATA = new WireWriter().int32(0)
  .int32(2).int32(1).string("kafka-1.example").int32(9092).string(null).int32(2).string("kafka-2").int32(9093).string(
    "rack",
  )
  .string("cluster").int32(1)
  .int32(1).int16(0).string("access-log").boolean(false)
  .int32(2)
  .int16(0).int32(0).int32(1).int32(2).int32(1).int32(2).int32(1).int32(1)
  .int16(5).int32(1).int32(-1).int32(0).int32(-1)
  .bytes().slice();
const PRODUCE = new WireWriter().int32(1).string("access-log").int32(1)
  .int32(3).int16(0).int64(77n).int64(-1n).int64(0n).int32(0)
  .bytes().slice();
const INIT_PRODUCER_ID = new WireWriter().int32(0).int16(0).int64(4000n).int16(1).bytes().slice();
const NOTHING = [new Uint8Array(0), new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n")];
const TOKENS = [
  new WireWriter().int32(2 ** 31 - 1).bytes(),
  new WireWriter().int32(-1).bytes(),
  Uint8Array.of(0x7f, 0xff),
];

const parsers = [
  { parse: parseMetadataAnswer, mutator: new Mutator([METADATA, ...NOTHING], TOKENS) },
  { parse: parseProduceAnswer, mutator: new Mutator([PRODUCE, ...NOTHING], TOKENS) },
  { parse: parseInitProducerIdAnswer, mutator: new Mutator([INIT_PRODUCER_ID, ...NOTHING], TOKENS) },
];

function parseMutant(random: Random): void {
  const { parse, mutator } = random.pick(parsers);
  const bytes = mutator.mutant(random);
  try {
    const answer: { readonly errorCode: number; readonly brokers?: ReadonlyMap<number, unknown> } = parse(bytes);
    assert(describeErrorCode(answer.errorCode) !== "");
    assertLess(answer.brokers?.size ?? 0, bytes.length, "more brokers than bytes");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

Deno.test("a mutated answer of a broker is read or is a RangeError", async () => {
  assert(await fuzz("kafka answers", parseMutant) > 1000);
});
