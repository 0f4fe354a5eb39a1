/**
 * Two pods that write into one volume, on the compiled binary, a real containerd and a real broker: a file that both see is read once,
 * and for as long as one of them is there.
 *
 * @module
 */
import { join } from "@std/path";
import { CONTAINERD_REQUIREMENT, containerdRequirement, TestContainerd } from "../support/containerd.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { linesOf, PodScene, printOn } from "../support/pod_scene.ts";
import { needs } from "../support/requirement.ts";

/** How long the agent waits before it believes that a container is gone, and a little more. */
const GONE_MS = 12_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function filesPipeline(label: string, brokers: string, topic: string): string {
  return `inputs:
  - Type: input_file
    FilePaths: [/shared/*.log]
    EnableContainerDiscovery: true
    ContainerFilters:
      IncludeK8sLabel:
        app: ${label}
flushers:
  - Type: flusher_kafka_v2
    Brokers: [${brokers}]
    Topic: ${topic}
`;
}

// alibaba/loongcollector#2010: when one of two containers on a volume ended, the other's files were not read on.
Deno.test("two pods on one volume, one of which is removed", async () => {
  if (!needs(CONTAINERD_REQUIREMENT, containerdRequirement()) || !needs("Java and Kafka", kafkaRequirement())) return;
  await using containerd = await TestContainerd.start();
  await using kafka = await TestKafka.start();
  await using scene = await PodScene.prepare(kafka, containerd, "volume", filesPipeline);
  const directory = join(containerd.directory, "volume");
  Deno.mkdirSync(directory);
  const writers = ["first", "second"];
  const [first, second] = await Promise.all(
    writers.map((name) => scene.runPod(name, `(${printOn(name)}) > /shared/${name}.log`, directory)),
  );
  const [firstPath, secondPath] = writers.map((name) => join(directory, `${name}.log`));
  scene.sluice.start();
  await scene.untilCame(1, writers);
  await first.remove();
  await pause(GONE_MS);
  // The file of the pod that is gone is still the other's too.
  const firstLines = linesOf(firstPath);
  Deno.writeTextFileSync(firstPath, `${numberedLines("first", firstLines, firstLines + 1).join("\n")}\n`, {
    append: true,
  });
  await scene.untilCame(scene.arrivals.count("second") + 100, ["second"]);
  await second.stop();
  scene.expect("first", firstLines + 1);
  scene.expect("second", linesOf(secondPath));
  await scene.finish();
});
