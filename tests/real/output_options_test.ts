/**
 * Every option of `service_docker_stdout` and `input_container_stdio` in the compiled binary, over containers of a real containerd and a real
 * Docker Engine that run at once.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { OptionScene } from "../support/option_scene.ts";
import { OLD_LINES } from "../support/option_texts.ts";
import {
  BROKEN,
  CONTAINER_STDIO_CASES,
  DOCKER_STDOUT_CASES,
  OUTPUT_CONTAINERS,
} from "../support/output_option_cases.ts";
import { pipelineOf } from "../support/pipelines.ts";
import { canRunScene } from "../support/runtime_scene.ts";
import { eventually } from "../support/sluice.ts";

/** Waits until all is written that the cases speak of, and adds the lines of no runtime. */
async function completeLogs(scene: OptionScene): Promise<void> {
  const isThere = (name: string, text: string) => async () =>
    (await Deno.readTextFile(scene.logPaths.get(name)!)).includes(text);
  for (const end of ["c", "d"]) {
    await eventually("the old log is written", isThere(`old-${end}`, `${OLD_LINES - 1} 0`));
    await eventually("records of several lines are", isThere(`several-${end}`, "start 3"));
    await eventually("a whole line is", isThere(`broken-${end}`, "whole"));
    await Deno.writeTextFile(scene.logPaths.get(`broken-${end}`)!, `${BROKEN}\n`, { append: true });
  }
}

Deno.test("every option of the inputs of containers' output, over containerd and Docker at once", async (test) => {
  if (!canRunScene("containerd", "docker")) return;
  await using scene = await OptionScene.start(OUTPUT_CONTAINERS);
  await completeLogs(scene);
  for (
    const [input, cases] of [["service_docker_stdout", DOCKER_STDOUT_CASES], [
      "input_container_stdio",
      CONTAINER_STDIO_CASES,
    ]] as const
  ) {
    await using sluice = await scene.prepareAgent(input, cases);
    sluice.start();
    await scene.check(test, input, cases);
    assertEquals(await sluice.stop(), 0, sluice.log);
  }

  await test.step("input_container_stdio: IgnoreParseWarning, ReadDelayAlertThresholdBytes: what is warned of", async () => {
    const plain = await said(scene, [[]]);
    assertMatch(plain, /broken-c: .*not of a container runtime's form/);
    assert(!plain.includes("behind its end"), plain);
    const others = await said(scene, [["IgnoreParseWarning: true", "ReadDelayAlertThresholdBytes: 100000"]]);
    assert(!others.includes("runtime's form"), others);
    assertMatch(others, /old-c.* behind its end/);
  });

  await test.step("input_container_stdio: AllowingIncludedByMultiConfigs: false, the default, gives a container to one pipeline", async () => {
    assertMatch(await said(scene, [[], []]), /does not read .*: said-[01] does/);
  });
});

/** What an agent says whose pipelines, one for each list of options, read the old logs and the broken ones once in all. */
async function said({ runtimes }: OptionScene, options: readonly (readonly string[])[]): Promise<string> {
  const topic = `said-${crypto.randomUUID()}`;
  await runtimes.kafka.createTopic(topic);
  const pipelines = options.map((some, index) => {
    const chosen = ["ContainerFilters: { IncludeEnv: { ROLE: '^(broken|old)$' } }", ...some];
    return [`said-${index}.yaml`, pipelineOf("input_container_stdio", chosen, runtimes.kafka.brokers, topic)];
  });
  await using sluice = await runtimes.prepareAgent(Object.fromEntries(pipelines));
  sluice.start();
  const count = 2 * OLD_LINES + 4;
  assertEquals((await runtimes.readAll(topic, count)).length, count);
  assertEquals(await sluice.stop(), 0, sluice.log);
  return sluice.log;
}
