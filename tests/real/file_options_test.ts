/**
 * Every option of `input_file`, and `file_log` with its old names, in the compiled binary: files of the node, and files in containers of a
 * real containerd and a real Docker Engine that run at once.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { FILE_CONTAINERS, FILE_LOG_CASES, INPUT_FILE_CASES } from "../support/file_option_cases.ts";
import { OptionScene } from "../support/option_scene.ts";
import { OLD_LINES } from "../support/option_texts.ts";
import { pipelineOf } from "../support/pipelines.ts";
import { canRunScene } from "../support/runtime_scene.ts";

/** Waits until the containers have written their files. */
async function untilWritten({ runtimes }: OptionScene): Promise<void> {
  await using probe = await runtimes.prepareAgent({
    "done.yaml": pipelineOf(
      "input_file",
      ["EnableContainerDiscovery: true", "FilePaths: /done", "AllowingCollectingFilesInRootDir: true"],
      runtimes.kafka.brokers,
      "options",
    ),
  });
  probe.start();
  const reads = () => (probe.log.match(/done reads .*\/done\b/g) ?? []).length;
  for (const deadline = Date.now() + 30_000; reads() < FILE_CONTAINERS.length && Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals([reads(), await probe.stop()], [FILE_CONTAINERS.length, 0], probe.log);
}

Deno.test("every option of the inputs of files, over the node, containerd and Docker at once", async (test) => {
  if (!canRunScene("containerd", "docker")) return;
  await using scene = await OptionScene.start(FILE_CONTAINERS);
  await untilWritten(scene);
  const { containerd } = scene.runtimes;
  const ofNode = `${containerd.directory}/node.log`;
  await Deno.writeTextFile(ofNode, "node\n");
  const cases = [...INPUT_FILE_CASES, {
    name: "EnableContainerDiscovery: false, the default, reads the node's files",
    options: [`FilePaths: ${ofNode}`],
    wanted: [": node"],
  }];
  for (const [input, some] of [["input_file", cases], ["file_log", FILE_LOG_CASES]] as const) {
    await using sluice = await scene.prepareAgent(input, some);
    sluice.start();
    await scene.check(test, input, some);
    assertEquals(await sluice.stop(), 0, sluice.log);
  }

  await test.step("input_file: ReadDelayAlertThresholdBytes is warned of; AllowingIncludedByMultiConfigs: false gives a file to one pipeline", async () => {
    const { kafka } = scene.runtimes;
    await kafka.createTopic("said");
    const options = [
      "EnableContainerDiscovery: true",
      "ContainerFilters: { IncludeEnv: { ROLE: files } }",
      "FilePaths: /data/old.txt",
      "ReadDelayAlertThresholdBytes: 100000",
    ];
    const pipelines = ["one", "two"].map((
      name,
    ) => [`${name}.yaml`, pipelineOf("input_file", options, kafka.brokers, "said")]);
    await using sluice = await scene.runtimes.prepareAgent(Object.fromEntries(pipelines));
    sluice.start();
    assertEquals((await scene.runtimes.readAll("said", 2 * OLD_LINES)).length, 2 * OLD_LINES);
    assertEquals(await sluice.stop(), 0, sluice.log);
    assertMatch(sluice.log, /old\.txt is \d.* behind its end/);
    assertMatch(sluice.log, /two does not read .*old\.txt: one does/);
    assert(!/one does not read/.test(sluice.log), sluice.log);
  });
});
