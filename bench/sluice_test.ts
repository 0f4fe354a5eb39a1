/** @module */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkConfig } from "../src/cli/check.ts";
import { makeDenoEnv } from "../src/core/deno_env.ts";
import { plugins } from "../src/plugins.ts";
import { type Codec, CODECS, LOG_KINDS, type WorkKind } from "./mode.ts";
import { pipelineText } from "./sluice.ts";

const WORKS = [
  ...[...LOG_KINDS, "files"].map((kind) => ({ kind, codec: "none" })),
  ...CODECS.map((codec) => ({ kind: "plain", codec })),
] as { kind: WorkKind; codec: Codec }[];

for (const { kind, codec } of WORKS) {
  Deno.test(`${kind}, ${codec}: the pipeline has nothing that the binary does not know`, async () => {
    const directory = await Deno.makeTempDir();
    try {
      const path = join(directory, "pipeline.yaml");
      const work = { kind, broker: "127.0.0.1:9092", topic: "bench", codec };
      await Deno.writeTextFile(path, pipelineText(work));
      const { lines } = checkConfig([path], plugins, makeDenoEnv().files);
      assertEquals(lines, ["1 pipeline can run"]);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}
