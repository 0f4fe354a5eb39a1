import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "./options.ts";
import type { Peer } from "./peer.ts";

function peer(name: string, reason?: string): Peer {
  return {
    name,
    unavailable: () => reason,
    unfit: () => undefined,
    prepare: () => Promise.resolve(name),
    start: () => {
      throw new Error("never started here");
    },
  };
}

Deno.test("without arguments, all peers that can run are measured in every mode that is built", () => {
  const options = parseOptions([], [peer("one"), peer("two", "it is not installed")]);
  assertEquals(options.peers.map(({ name }) => name), ["one"]);
  assertEquals(options.modes, ["plain", "multiline", "docker", "idle", "idle-files"]);
  assertEquals(options.lines, 1_000_000);
});

Deno.test("modes are measured in the order in which they are named", () => {
  assertEquals(parseOptions(["--only", "idle,plain"], [peer("one")]).modes, ["idle", "plain"]);
});

for (
  const [args, message] of [
    [["--only", "regex"], "not supported yet"],
    [["--codec", "lz4"], "not supported yet"],
    [["--only", "poetry"], '"poetry"'],
    [["--agent", "three"], '"three"'],
    [["--lines", "0"], "--lines"],
    [["--rounds", "1.5"], "--rounds"],
  ] as const
) {
  Deno.test(`${args.join(" ")} is refused`, () => {
    assertThrows(() => parseOptions([...args], [peer("one")]), Error, message);
  });
}
