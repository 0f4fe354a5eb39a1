import { assertEquals, assertThrows } from "@std/assert";
import { initTransactionsRequest } from "../init_producer_id_request.ts";
import { WireReader, WireWriter } from "../wire.ts";
import { createTopicRequest, parseCreateTopicAnswer } from "./create_topic_request.ts";
import { describeTopicRequest, parseDescribeTopicAnswer } from "./describe_topic_request.ts";
import { fetchRequest, LATEST, listOffsetsRequest, parseFetchAnswer, parseListOffsetsAnswer } from "./fetch_request.ts";
import {
  addPartitionsRequest,
  endTransactionRequest,
  findCoordinatorRequest,
  parseAddPartitionsAnswer,
  parseEndTransactionAnswer,
  parseFindCoordinatorAnswer,
} from "./transaction_requests.ts";

const ACTOR = { transactionalId: "t", identity: { producerId: 5n, epoch: 2 } };
const PLACE = { topic: "p", partition: 3 };

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/[0-9a-f]{2}/g)!, (byte) => parseInt(byte, 16));
}

Deno.test("requests are as the protocol has them", () => {
  const encoded = (request: { encode(id: number, clientId: string): Uint8Array }) => {
    const bytes = request.encode(2, "c");
    assertEquals(new WireReader(bytes).int32(), bytes.length - 4);
    return bytes.subarray(4);
  };
  assertEquals(
    encoded(findCoordinatorRequest("t")),
    hex("000a 0001 00000002 0001 63 0001 74 01"),
  );
  assertEquals(
    encoded(initTransactionsRequest("t", 60000)),
    hex("0016 0001 00000002 0001 63 0001 74 0000ea60"),
  );
  assertEquals(
    encoded(addPartitionsRequest(ACTOR, [PLACE])),
    hex("0018 0001 00000002 0001 63 0001 74 0000000000000005 0002 00000001 0001 70 00000001 00000003"),
  );
  assertEquals(
    encoded(endTransactionRequest(ACTOR, true)),
    hex("001a 0001 00000002 0001 63 0001 74 0000000000000005 0002 01"),
  );
  assertEquals(
    encoded(listOffsetsRequest(PLACE, LATEST)),
    hex("0002 0001 00000002 0001 63 ffffffff 00000001 0001 70 00000001 00000003 ffffffffffffffff"),
  );
  assertEquals(
    encoded(fetchRequest(PLACE, 7n, 256)),
    hex(
      "0001 0004 00000002 0001 63 ffffffff 000001f4 00000001 00000100 00 00000001 0001 70 00000001 00000003 " +
        "0000000000000007 00000100",
    ),
  );
  assertEquals(
    encoded(describeTopicRequest("p", "a")),
    hex("0020 0001 00000002 0001 63 00000001 02 0001 70 00000001 0001 61 00"),
  );
  assertEquals(
    encoded(createTopicRequest({ name: "p", partitions: 4, replicas: 1, settings: { a: "b" } })),
    hex(
      "0013 0002 00000002 0001 63 00000001 0001 70 00000004 0001 00000000 00000001 0001 61 0001 62 00002710 00",
    ),
  );
});

Deno.test("answers are read, and those that are cut short throw", () => {
  const coordinator = new WireWriter().int32(0).int16(0).string(null).int32(7).string("host").int32(9092).bytes();
  assertEquals(parseFindCoordinatorAnswer(coordinator), { errorCode: 0, nodeId: 7 });
  const added = new WireWriter().int32(0).int32(2).string("p").int32(1).int32(3).int16(0).string("q").int32(1);
  assertEquals(parseAddPartitionsAnswer(added.int32(0).int16(47).bytes()), [0, 47]);
  assertEquals(parseEndTransactionAnswer(new WireWriter().int32(0).int16(51).bytes()), 51);
  const created = new WireWriter().int32(0).int32(1).string("p").int16(36).string(null).bytes();
  assertEquals(parseCreateTopicAnswer(created), 36);
  const described = new WireWriter().int32(0).int32(1).int16(0).string(null).int8(2).string("p").int32(1).string("a");
  described.string("compact").int8(0).int8(1).int8(0).int32(1).string("b").string(null).int8(5);
  assertEquals(parseDescribeTopicAnswer(described.bytes()), "compact");
  const hidden = new WireWriter().int32(0).int32(1).int16(29).string("no").int8(2).string("p").int32(0).bytes();
  assertEquals(parseDescribeTopicAnswer(hidden), undefined);
  const offsets = new WireWriter().int32(1).string("p").int32(1).int32(3).int16(0).int64(-1n).int64(12n).bytes();
  assertEquals(parseListOffsetsAnswer(offsets), { errorCode: 0, offset: 12n });
  const fetched = new WireWriter().int32(0).int32(1).string("p").int32(1).int32(3).int16(0).int64(9n).int64(8n);
  const whole = fetched.int32(1).int64(1n).int64(2n).int32(2).raw(hex("abcd")).bytes();
  assertEquals(parseFetchAnswer(whole), { errorCode: 0, records: hex("abcd") });
  for (let size = 0; size < whole.length; size++) {
    assertThrows(() => parseFetchAnswer(whole.subarray(0, size)), RangeError);
  }
});
