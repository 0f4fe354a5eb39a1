/**
 * Files inside a real container and on the node: in volumes and in the root, by names and patterns, through every kind of rotation,
 * and through the agent's death. Every line once, in order.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { CommandedPod } from "../support/commanded_pod.ts";
import { Arrivals, numberedLines } from "../support/numbered_lines.ts";
import { filePipeline, pipelineOf } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene } from "../support/runtime_scene.ts";
import { valueOf } from "../support/seed_form.ts";
import { eventually, type TestSluice } from "../support/sluice.ts";

const TOPIC = "files";
const BLOCK_LINES = 200;
const PATHS = "[/cache/*.log, /host/logs/?.txt, /root/log/*.log, /root/deep/**/x.log]";
const KILLS = 3;

/** Writers of numbered lines, and how many lines each has written. */
class Files {
  readonly counts: Record<string, number> = {};
  readonly #pod: CommandedPod;

  constructor(pod: CommandedPod) {
    this.#pod = pod;
  }

  /** A process of the container writes the next lines. */
  async write(path: string, writer: string, lines = BLOCK_LINES): Promise<void> {
    const { from, to } = this.#next(writer, lines);
    await this.#pod.append(path, writer, from, to);
  }

  /** The next lines come into a volume or file of the node. */
  async writeOnNode(path: string, writer: string): Promise<void> {
    const { from, to } = this.#next(writer, BLOCK_LINES);
    await Deno.writeTextFile(path, `${numberedLines(writer, from, to).join("\n")}\n`, { append: true });
  }

  /** Waits until all that was written has come. */
  async untilAllCame(arrivals: Arrivals): Promise<void> {
    await arrivals.untilTotal(Object.values(this.counts).reduce((sum, count) => sum + count, 0));
  }

  #next(writer: string, lines: number): { from: number; to: number } {
    const from = this.counts[writer] ?? 0;
    const to = from + lines;
    this.counts[writer] = to;
    return { from, to };
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("files of a container and of the node", async (test) => {
  if (!canRunScene("containerd")) return;
  await using scene = await RuntimeScene.start("containerd");
  const { kafka, containerd } = scene;
  const { directory } = containerd;
  for (const name of ["cache", "host/logs", "node"]) await Deno.mkdir(`${directory}/${name}`, { recursive: true });
  const mounts = ["cache", "host"].map((name) => ({ hostPath: `${directory}/${name}`, containerPath: `/${name}` }));
  const pod = await CommandedPod.run(containerd, "app", { mounts });
  await kafka.createTopic(TOPIC);
  await using sluice: TestSluice = await scene.prepareAgent({
    "files.yaml": filePipeline(
      { container: "app", path: PATHS, options: ["MaxDirSearchDepth: 3"] },
      kafka.brokers,
      TOPIC,
    ),
    "node.yaml": pipelineOf("input_file", [`FilePaths: ${directory}/node/*.log`], kafka.brokers, TOPIC),
  });
  const files = new Files(pod);
  using arrivals = await Arrivals.follow(kafka.port, TOPIC);

  await test.step("volumes, the root, patterns, files that come later, files of the node", async () => {
    await files.writeOnNode(`${directory}/cache/one.log`, "one");
    await files.writeOnNode(`${directory}/host/logs/a.txt`, "a");
    await Deno.writeTextFile(`${directory}/host/logs/long.txt`, "not wanted\n");
    await files.writeOnNode(`${directory}/node/node.log`, "node");
    await files.write("/root/log/app.log", "app");
    sluice.start();
    await files.untilAllCame(arrivals);
    await files.write("/cache/two.log", "two");
    await files.write("/root/deep/a/b/x.log", "deep");
    await files.write("/root/log/app.log", "app");
    await files.writeOnNode(`${directory}/node/later.log`, "later");
    await files.untilAllCame(arrivals);
    arrivals.check(files.counts);
  });

  await test.step("rotation within one pattern, to a dated name, by copying and truncating, by deleting", async () => {
    await files.write("/root/log/cut.log", "cut");
    await files.write("/root/log/gone.log", "gone");
    for (const [round, lines] of [300, 100, 250].entries()) {
      await files.write("/root/log/app.log", "app");
      await pod.execute(`cd /root/log; mv app.log app.${round}.log; : >app.log`);
      await files.write("/root/log/app.log", "app");
      await files.write("/cache/two.log", "two");
      await pod.execute(`mv /cache/two.log /cache/two.log.2026112${round}; : >/cache/two.log`);
      await files.write("/cache/two.log", "two");
      await files.untilAllCame(arrivals);
      // A writer that cuts its file waits until it is read: what it cuts before is lost to everybody.
      await pod.execute("cd /root/log; cp cut.log cut.log.1; : >cut.log; rm gone.log");
      // A file that is cut, or whose number is used again, must not have its old size again by chance.
      await files.write("/root/log/cut.log", "cut", lines);
      await files.write("/root/log/gone.log", "gone", lines);
    }
    await files.untilAllCame(arrivals);
    await pause(3000);
    await arrivals.readOn();
    arrivals.check(files.counts);
  });

  await test.step("the agent is killed, and files are rotated and written before it is back", async () => {
    // All is delivered: what the checkpoint says of it is no older than a tenth of a second.
    await pause(1000);
    await sluice.kill();
    await files.write("/root/log/app.log", "app");
    await pod.execute("cd /root/log; mv app.log app.3.log");
    await files.write("/root/log/app.log", "app");
    await files.writeOnNode(`${directory}/node/node.log`, "node");
    await files.write("/root/log/new.log", "new");
    sluice.start();
    await files.untilAllCame(arrivals);
    await pause(3000);
    assertEquals(await sluice.stop(), 0);
    await arrivals.readOn();
    arrivals.check(files.counts);
  });

  await test.step("the agent is killed while it reads: nothing is lost", async () => {
    const topic = "killed";
    const lines = 120_000;
    await kafka.createTopic(topic);
    await using killed = await scene.prepareAgent({
      "killed.yaml": filePipeline({ container: "app", path: "/root/killed/*.log" }, kafka.brokers, topic),
    });
    killed.start();
    const burst = `awk -v i=$i 'BEGIN { for (n = i * 1000; n < (i + 1) * 1000; n++) print "line " n }' >>app.log`;
    const rotate = "[ $((i % 15)) -eq 14 ] && mv app.log app.$i.log";
    const writing = pod.execute(
      `mkdir /root/killed; cd /root/killed; i=0; while [ $i -lt ${
        lines / 1000
      } ]; do ${burst}; ${rotate}; i=$((i + 1)); usleep 50000; done`,
    );
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(2000);
      await killed.kill();
      killed.start();
    }
    await writing;
    const arrived = async () => new Set((await scene.read(topic)).map((message) => valueOf(message, "content")));
    await eventually("every line is there", async () => (await arrived()).size === lines);
    assertEquals(await killed.stop(), 0);
    console.log(`${lines} lines, ${(await scene.read(topic)).length - lines} twice after ${KILLS} kills`);
  });
});
