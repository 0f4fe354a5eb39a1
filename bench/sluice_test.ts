/** @module */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkConfig } from "../src/cli/check.ts";
import { makeDenoEnv } from "../src/core/deno_env.ts";
import { plugins } from "../src/plugins.ts";
import { LOG_KINDS } from "./mode.ts";
import { pipelineText } from "./sluice.ts";

for (const kind of [...LOG_KINDS, "files"] as const) {
  Deno.test(`${kind}: the pipeline has nothing that the binary does not know`, async () => {
    const directory = await Deno.makeTempDir();
    try {
      const path = join(directory, "pipeline.yaml");
      const work = { kind, broker: "127.0.0.1:9092", topic: "bench", codec: "none" } as const;
      await Deno.writeTextFile(path, pipelineText(work));
      const { lines } = checkConfig([path], plugins, makeDenoEnv().files);
      assertEquals(lines, ["1 pipeline can run"]);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}
