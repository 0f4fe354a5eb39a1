import { assertEquals, assertThrows } from "@std/assert";
import type { Position } from "../../../core/position.ts";
import { headRecord, parseHead, parsePosition, positionRecord, trySourceKey } from "./position_records.ts";

const IDENTITY = { device: 2 ** 60, inode: 12, headBytes: 1024, headHash: 77 };
const PENDING: Position = {
  identity: IDENTITY,
  offset: 500,
  pending: {
    safe: { identity: { ...IDENTITY, inode: 11 }, offset: 400 },
    records: [{
      stream: "Stderr",
      content: Uint8Array.from({ length: 20_000 }, (_, index) => index),
      time: new TextEncoder().encode("2022-07-13"),
      seconds: 1657727154,
      offsetSafe: -1,
      line: 3,
      lineOffset: -1,
    }],
  },
};

Deno.test("a position is read back as it was, with what is pending", () => {
  for (const position of [{ identity: IDENTITY, offset: 0 }, PENDING]) {
    assertEquals(parsePosition(positionRecord("n", "s", position).value!), position);
  }
  assertEquals(positionRecord("n", "s:/x", undefined), { key: "n/s:/x", value: null });
});

Deno.test("a head is read back as it was", () => {
  const head = { owner: "me", transaction: 7 };
  assertEquals(parseHead(headRecord("n", head).value!), head);
});

Deno.test("what is no position of this version throws", () => {
  const { value } = positionRecord("n", "s", PENDING);
  for (const text of ["", "{}", value!.replace('"version":1', '"version":2'), value!.replace("Stderr", "Stdin")]) {
    assertThrows(() => parsePosition(text));
  }
});

Deno.test("keys of one pipeline are not taken for those of another whose name begins alike", () => {
  const { key } = positionRecord("sluice/host/web", "c1:/var/log/x.log", undefined);
  assertEquals(trySourceKey("sluice/host/web", key), "c1:/var/log/x.log");
  assertEquals(trySourceKey("sluice/host/we", key), undefined);
  assertEquals(trySourceKey("sluice/host", "sluice/host/web"), undefined);
  assertEquals(
    trySourceKey("sluice/host/web", headRecord("sluice/host/web", { owner: "", transaction: 0 }).key),
    undefined,
  );
});
