/**
 * Failures with the life of pods that users of other agents met, on the compiled binary, a real containerd and a real broker. Every
 * line must arrive once and in order, and name its pod.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { CONTAINERD_REQUIREMENT, containerdRequirement, TestContainerd, type TestPod } from "../support/containerd.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { linesOf, loggedLines, PodScene, printLines, printOn } from "../support/pod_scene.ts";
import { needs } from "../support/requirement.ts";
import { eventually } from "../support/sluice.ts";

/** About 5 MB. */
const MANY_LINES = 50_000;
const REPLICAS = 3;

/** Removes a pod's logs as the kubelet does after the pod. */
function removeLogs(pod: TestPod): void {
  Deno.removeSync(dirname(dirname(pod.logPath("main"))), { recursive: true });
}

Deno.test("pods in the field", async (t) => {
  if (!needs(CONTAINERD_REQUIREMENT, containerdRequirement()) || !needs("Java and Kafka", kafkaRequirement())) return;
  await using containerd = await TestContainerd.start();
  await using kafka = await TestKafka.start();

  // elastic/beats#34789: the container's end stopped the reading before the tail was read.
  // fluent/fluent-bit#2670: a container that was gone soon had no metadata.
  await t.step("a container that prints 5 MB and exits at once", async () => {
    await using scene = await PodScene.prepare(kafka, containerd, "burst");
    scene.sluice.start();
    await eventually("it looks", () => scene.sluice.log.includes("answers"));
    const pod = await scene.runPod("burst-1", printLines("burst", 0, MANY_LINES));
    scene.expect("burst", MANY_LINES);
    await scene.finish();
    scene.checkTags("burst", pod);
  });

  // elastic/beats#17396, elastic/beats#6042: the last lines of a finished pod were missing, or had no metadata.
  await t.step("a Job's pod that prints 5 MB at its end and is removed with its logs", async () => {
    await using scene = await PodScene.prepare(kafka, containerd, "job");
    const directory = join(containerd.directory, "shared");
    Deno.mkdirSync(directory);
    const wait = "until [ -e /shared/go ]; do sleep 0.02; done";
    const script = [printLines("job", 0, 100), wait, printLines("job", 100, MANY_LINES)].join("; ");
    const pod = await scene.runPod("job-1", script, directory);
    scene.sluice.start();
    await scene.arrivals.untilTotal(100);
    kafka.pause();
    try {
      Deno.writeTextFileSync(join(directory, "go"), "");
      await eventually("it is done", () => loggedLines(pod) === MANY_LINES);
      // The runtime learns of the end a moment after the last line, and does not remove what runs.
      await eventually("it is removed", () => pod.remove().then(() => true, () => false), 5000);
      removeLogs(pod);
    } finally {
      kafka.resume();
    }
    scene.expect("job", MANY_LINES);
    await scene.finish();
    scene.checkTags("job", pod);
  });

  // vectordotdev/vector#8345: of a pod that was gone there was no metadata any more.
  await t.step("a pod that is removed while no agent runs, and leaves a log and a rotated one", async () => {
    await using scene = await PodScene.prepare(kafka, containerd, "left");
    const pod = await scene.runPod("left-1", printOn("left-1"));
    scene.sluice.start();
    await scene.untilCame(1, ["left-1"]);
    await eventually("it is noted", () => scene.sluice.knows(pod.containerId("main")));
    assertEquals(await scene.sluice.stop(), 0);
    const before = loggedLines(pod);
    await eventually("it prints on", () => loggedLines(pod) > before + 300);
    const rotated = await pod.rotateLog("main");
    await eventually("it prints on in the next file", () => loggedLines(pod) > 300);
    await pod.remove();
    scene.sluice.start();
    scene.expect("left-1", linesOf(rotated) + loggedLines(pod));
    await scene.finish();
    scene.checkTags("left-1", pod);
  });

  // elastic/beats#35145: after a restart of the agent the lines of pods that ran already had no metadata.
  await t.step("an agent that is restarted beside running pods", async () => {
    await using scene = await PodScene.prepare(kafka, containerd, "kept");
    const pods = [await scene.runPod("kept-1", printOn("kept-1")), await scene.runPod("kept-2", printOn("kept-2"))];
    const names = pods.map(({ name }) => name);
    scene.sluice.start();
    await scene.untilCame(1, names);
    assertEquals(await scene.sluice.stop(), 0);
    const before = Math.max(...pods.map(loggedLines));
    scene.sluice.start();
    await scene.untilCame(before + 1, names);
    for (const pod of pods) await pod.stop();
    for (const pod of pods) scene.expect(pod.name, loggedLines(pod));
    await scene.finish();
    for (const pod of pods) scene.checkTags(pod.name, pod);
  });

  // vectordotdev/vector#18710: after a deployment nothing was read until the agent was restarted.
  await t.step("a deployment's pods replaced one after another", async () => {
    await using scene = await PodScene.prepare(kafka, containerd, "web");
    const runAll = (release: string) =>
      Promise.all(Array.from({ length: REPLICAS }, (_, index) => {
        const name = `web-${release}-${index}`;
        return scene.runPod(name, printOn(name));
      }));
    const old = await runAll("a");
    scene.sluice.start();
    await scene.untilCame(1, old.map(({ name }) => name));
    const fresh: TestPod[] = [];
    for (const pod of old) {
      const name = pod.name.replace("-a-", "-b-");
      fresh.push(await scene.runPod(name, printOn(name)));
      await pod.remove();
    }
    await scene.untilCame(1, fresh.map(({ name }) => name));
    for (const pod of fresh) await pod.stop();
    const all = [...old, ...fresh];
    for (const pod of all) scene.expect(pod.name, loggedLines(pod));
    await scene.finish();
    for (const pod of all) scene.checkTags(pod.name, pod);
  });
});
