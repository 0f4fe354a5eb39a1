/**
 * Rotation that shifts numbers, `app.1.log` to `app.2.log` and `app.log` to `app.1.log`, where all these names are wanted: every line
 * once, however often a file changes its name.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { CommandedPod } from "../support/commanded_pod.ts";
import { Arrivals } from "../support/numbered_lines.ts";
import { filePipeline } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene } from "../support/runtime_scene.ts";

const TOPIC = "shifted";
const ROUNDS = 4;
const LINES = 100;
const SHIFT = "cd /root/log; for i in 3 2 1; do [ -e app.$i.log ] && mv app.$i.log app.$((i + 1)).log; done; " +
  "mv app.log app.1.log";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("files whose names move on with every rotation are read once", async () => {
  if (!canRunScene("containerd")) return;
  await using scene = await RuntimeScene.start("containerd");
  await scene.kafka.createTopic(TOPIC);
  const pod = await CommandedPod.run(scene.containerd, "app");
  await using sluice = await scene.prepareAgent({
    "shifted.yaml": filePipeline({ container: "app", path: "/root/log/*.log" }, scene.kafka.brokers, TOPIC),
  });
  await pod.append("/root/log/app.log", "app", 0, LINES);
  sluice.start();
  using arrivals = await Arrivals.follow(scene.kafka.port, TOPIC);
  await arrivals.untilTotal(LINES);
  for (let round = 1; round <= ROUNDS; round++) {
    await pod.execute(SHIFT);
    await pod.append("/root/log/app.log", "app", round * LINES, (round + 1) * LINES);
    await pause(7000);
  }
  await arrivals.untilTotal((ROUNDS + 1) * LINES);
  await pause(5000);
  assertEquals(await sluice.stop(), 0);
  await arrivals.readOn();
  arrivals.check({ app: (ROUNDS + 1) * LINES });
});
