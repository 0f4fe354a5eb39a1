/** @module */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { flatMessage, tutorialMessage } from "./message.ts";
import { LOG_KINDS, type WorkKind } from "./mode.ts";
import { PEERS } from "./peers.ts";
import type { Peer } from "./peer.ts";

const LOGS = "/var/log/pods/a/nginx/0.log";
const KINDS = [...LOG_KINDS, "files"] as const;

/** What the peer writes for a kind of work, all files together, and how it is run. */
function configured(peer: Peer, kind: WorkKind, logs: string) {
  const directory = Deno.makeTempDirSync();
  try {
    const work = { directory, hostRoot: "/node", containersPath: join(directory, "containers.json"), logs };
    const broker = { broker: "127.0.0.1:9092", topic: "the-topic", codec: "lz4" } as const;
    const command = peer.command({ kind, program: "/opt/program", ...work, ...broker });
    return { command, text: textsBelow(directory).join("\n") };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function textsBelow(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) => {
    const path = join(directory, name);
    return isDirectory ? textsBelow(path) : [Deno.readTextFileSync(path)];
  });
}

for (const peer of PEERS) {
  Deno.test(`${peer.name} is configured for every kind of work that it can do, and says why not for the others`, () => {
    for (const kind of KINDS) {
      const reason = peer.unfit(kind);
      if (reason !== undefined) assert(reason.length > 20, `${kind}: ${reason}`);
      if (reason !== undefined) continue;
      const { command, text } = configured(peer, kind, LOGS);
      assertStringIncludes(command.program, "/opt/program");
      for (const part of ["the-topic", "127.0.0.1:9092", "lz4"]) assertStringIncludes(text, part);
    }
  });

  Deno.test(`${peer.name} finds the logs of many containers by a pattern, or by the list of them`, () => {
    const { command, text } = configured(peer, "plain", "/var/log/pods/*/nginx/0.log");
    assertStringIncludes(text + command.args.join(" "), peer.name === "sluice" ? "containers.json" : "/var/log/pods");
  });
}

Deno.test("this project's agent does every kind of work", () => {
  assertEquals(KINDS.filter((kind) => PEERS[0].unfit(kind) !== undefined), []);
});

Deno.test("a message of either form gives its fields and its time", () => {
  const tutorial = tutorialMessage('{"Time":7,"Contents":[{"Key":"a","Value":"x"}]}');
  assertEquals([[...tutorial.fields], tutorial.time], [[["a", "x"]], 7]);
  const flat = flatMessage('{"Time":7,"a":"x","b":12.5,"c":false}');
  assertEquals([[...flat.fields], flat.time], [[["a", "x"], ["b", "12.5"], ["c", "false"]], 7]);
  assertThrows(() => flatMessage("no JSON"), SyntaxError);
});
