import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "./options.ts";
import type { Peer } from "./peer.ts";

const MODES = ["plain", "regex", "idle"];

function peer(name: string, reason?: string): Peer {
  return {
    name,
    unavailable: () => reason,
    unfit: () => undefined,
    prepare: () => Promise.resolve(name),
    command: () => {
      throw new Error("never started here");
    },
  };
}

Deno.test("without arguments, all peers that can run are measured in every mode", () => {
  const options = parseOptions([], [peer("one"), peer("two", "it is not installed")], MODES);
  assertEquals(options.peers.map(({ name }) => name), ["one"]);
  assertEquals(options.modes, MODES);
  assertEquals(options.codecs, ["none", "lz4"]);
  assertEquals(options.megabytes, 1_000);
});

Deno.test("modes are measured in the order in which they are named", () => {
  assertEquals(parseOptions(["--only", "idle,plain"], [peer("one")], MODES).modes, ["idle", "plain"]);
});

for (
  const [args, message] of [
    [["--codec", "lzw"], '"lzw"'],
    [["--only", "poetry"], '"poetry"'],
    [["--agent", "three"], '"three"'],
    [["--megabytes", "0"], "--megabytes"],
    [["--rounds", "1.5"], "--rounds"],
  ] as const
) {
  Deno.test(`${args.join(" ")} is refused`, () => {
    assertThrows(() => parseOptions([...args], [peer("one")], MODES), Error, message);
  });
}
