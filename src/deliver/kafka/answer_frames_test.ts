import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../tests/support/random.ts";
import { AnswerFrames } from "./answer_frames.ts";
import { WireWriter } from "./wire.ts";

Deno.test("answers come out whole and in order, however they are cut", () => {
  const random = seededRandom("answer frames");
  for (let round = 0; round < 300; round++) {
    const sent = Array.from({ length: random.integer(0, 8) }, (_, index) => {
      return { id: index * 7, payload: random.bytes(random.integer(0, random.integer(0, 3) === 0 ? 5000 : 40)) };
    });
    const wire = new WireWriter();
    for (const { id, payload } of sent) wire.int32(4 + payload.length).int32(id).raw(payload);
    const arrived: typeof sent = [];
    const frames = new AnswerFrames((id, payload) => arrived.push({ id, payload }));
    const buffer = new Uint8Array(wire.length + 1);
    for (let at = 0; at < wire.length;) {
      const piece = wire.bytes().slice(at, at + random.integer(1, random.integer(0, 1) === 0 ? 6 : 3000));
      buffer.set(piece);
      frames.add(buffer.subarray(0, piece.length));
      // The socket reads the next piece into the same memory.
      buffer.fill(255);
      at += piece.length;
    }
    assertEquals(arrived, sent);
  }
});

Deno.test("what cannot be an answer is refused", () => {
  for (const size of [3, 0, -1, -(2 ** 31)]) {
    const frames = new AnswerFrames(() => {});
    assertThrows(() => frames.add(new WireWriter().int32(size).int32(1).bytes()), RangeError);
  }
});
