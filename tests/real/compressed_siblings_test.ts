/**
 * Logs that were rotated and compressed while the agent was down, on the compiled binary and a real broker. Files are rotated as the
 * kubelet does it; every line must arrive once and in order.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/logs/container_log_manager.go
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { FieldScene, type NumberedLog } from "../support/field_scene.ts";
import { kafkaRequirement, TestKafka } from "../support/kafka.ts";
import { needs } from "../support/requirement.ts";
import { compressAsKubelet } from "../support/rotated_logs.ts";

/** The kubelet's work on one log: compresses what it rotated before, then rotates. */
class Kubelet {
  readonly #log: NumberedLog;
  #plain: string | undefined;

  constructor(log: NumberedLog) {
    this.#log = log;
  }

  rotate(): void {
    if (this.#plain !== undefined) compressAsKubelet(this.#plain);
    this.#plain = this.#log.container.rotate();
  }
}

Deno.test("logs compressed while the agent is down", async (t) => {
  if (!needs("Java and Kafka", kafkaRequirement())) return;
  await using kafka = await TestKafka.start();

  await t.step("five rotations of megabytes, begun in the middle of a file", async () => {
    await using scene = await FieldScene.prepare(kafka, "packed");
    const log = scene.addLog("web");
    const kubelet = new Kubelet(log);
    scene.sluice.start();
    log.write(20_000);
    await scene.untilAllCame();
    kubelet.rotate();
    log.write(20_000);
    await scene.untilAllCame();
    assertEquals(await scene.sluice.stop(), 0);
    for (let rotation = 0; rotation < 5; rotation++) {
      log.write(50_000);
      kubelet.rotate();
    }
    log.write(100);
    scene.sluice.start();
    await scene.finish();
  });

  await t.step("twice, the second time while the agent catches up", async () => {
    await using scene = await FieldScene.prepare(kafka, "twice");
    const log = scene.addLog("web");
    const kubelet = new Kubelet(log);
    scene.sluice.start();
    for (let life = 0; life < 3; life++) {
      log.write(1000);
      await scene.untilAllCame();
      assertEquals(await scene.sluice.stop(), 0);
      for (let rotation = 0; rotation < 3; rotation++) {
        log.write(30_000);
        kubelet.rotate();
      }
      log.write(10);
      scene.sluice.start();
      await scene.arrivals();
      kubelet.rotate();
      log.write(10);
    }
    await scene.finish();
  });

  await t.step("200 MiB that became a compressed file of a few, and little memory", async () => {
    await using scene = await FieldScene.prepare(kafka, "large");
    const log = scene.addLog("web");
    const kubelet = new Kubelet(log);
    scene.sluice.start();
    log.write(100);
    await scene.untilAllCame();
    assertEquals(await scene.sluice.stop(), 0);
    while (log.size < 200 * 1024 * 1024) log.write(50_000);
    kubelet.rotate();
    log.write(100);
    kubelet.rotate();
    log.write(100);
    scene.sluice.start();
    const { pid } = scene.sluice;
    await scene.untilAllCame(90_000);
    const peakMib = residentMibMax(pid);
    console.log(`${log.lines} lines from a compressed file: at most ${peakMib} MiB resident`);
    assert(peakMib < 150, `${peakMib} MiB`);
    await scene.finish();
  });
});

/** The most memory that a process has had, in MiB. */
function residentMibMax(pid: number): number {
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`));
  return Math.round(Number(match![1]) / 1024);
}
