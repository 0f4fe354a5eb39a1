import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "./core/deno_env.ts";
import { type FileAnswers, recordFiles, replayFiles } from "./recorded_files.ts";

const { files } = makeDenoEnv("10.0.0.1");

Deno.test("what was read once is read the same again in another thread, what was not is read now", async () => {
  const directory = await Deno.makeTempDir({ prefix: "sluice-recorded-" });
  const [read, missing, other] = ["a.yaml", "b.yaml", "c.yaml"].map((name) => `${directory}/${name}`);
  Deno.writeTextFileSync(read, "before");
  const answers: FileAnswers = new Map();
  const recording = recordFiles(files, answers);
  assertEquals([recording.tryReadText(read), recording.tryReadText(missing)], ["before", undefined]);
  assertEquals([recording.list(directory), recording.tryStat(read)?.kind], [["a.yaml"], "file"]);
  for (const path of [read, missing, other]) Deno.writeTextFileSync(path, "after");
  const replaying = replayFiles(files, structuredClone(answers));
  assertEquals([replaying.tryReadText(read), replaying.tryReadText(missing)], ["before", undefined]);
  assertEquals([replaying.list(directory), replaying.tryStat(read)?.size], [["a.yaml"], "before".length]);
  assertEquals(replaying.tryReadText(other), "after");
  await Deno.remove(directory, { recursive: true });
});
