/**
 * Output of containers of a real Docker Engine: exact messages, long lines, both streams, restarts, the engine's own rotation, other log
 * drivers, and an engine beside a containerd with pods.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { DOCKER_IMAGE, kubeletName } from "../support/dockerd.ts";
import { Arrivals } from "../support/numbered_lines.ts";
import { pipelineOf } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene, SCENE_HOST_IP } from "../support/runtime_scene.ts";
import { type Field, maskTimes, outputTagsOf, seedMessage, valueOf } from "../support/seed_form.ts";
import { eventually } from "../support/sluice.ts";

const UID = "5c3fc5d6-6a6d-4d3f-9f37-6b9fd0d4ab0a";
const LONG_LINE_BYTES = 100_000;
const PADDING = "0123456789".repeat(10);
/** 90 times 250 lines of about 200 bytes in the engine's form: five files of a megabyte, half a megabyte a second. */
const ROTATED = { bursts: 90, linesOfBurst: 250 };

/** Prints numbered lines in bursts, so slowly that no file is deleted before it is read. */
function countingScript(name: string, { bursts, linesOfBurst }: typeof ROTATED): string {
  const range = `n = i * ${linesOfBurst}; n < (i + 1) * ${linesOfBurst}; n++`;
  const burst = `awk -v i=$i 'BEGIN { for (${range}) print "${name} " n " ${PADDING}" }'`;
  return `i=0; while [ $i -lt ${bursts} ]; do ${burst}; i=$((i + 1)); sleep 0.1; done; sleep 1000`;
}

const shell = (script: string) => ["sh", "-c", script];

Deno.test("output of Docker's containers", async (test) => {
  if (!canRunScene("containerd", "docker")) return;
  await using scene = await RuntimeScene.start("containerd", "docker");
  const { kafka, dockerd, containerd } = scene;

  await test.step("both inputs: exact messages, a line of 100 KB, both streams in turns", async () => {
    const pod = { name: "web-1", namespace: "default", uid: UID };
    const long = `awk 'BEGIN { for (i = 0; i < ${LONG_LINE_BYTES / 10}; i++) printf "long line "; print "" }'`;
    const script =
      `echo 'first "quoted" \\ <&>'; echo '' ; ${long}; for i in 1 2 3; do echo out $i; echo error $i >&2; done; sleep 1000`;
    const names = { kubelet: kubeletName("web", pod.name, pod.namespace, pod.uid), plain: "plain" };
    for (const name of Object.values(names)) await dockerd.run({ name, command: shell(script), network: "host" });
    const pipelines: Record<string, string> = {};
    for (const [topic, input] of [["old", "service_docker_stdout"], ["new", "input_container_stdio"]]) {
      await kafka.createTopic(topic);
      pipelines[`${topic}.yaml`] = pipelineOf(input, [], kafka.brokers, topic);
    }
    await using sluice = await scene.prepareAgent(pipelines);
    sluice.start();
    const outputs = [
      ...['first "quoted" \\ <&>', "", "long line ".repeat(LONG_LINE_BYTES / 10), "out 1", "out 2", "out 3"]
        .map((content) => [content, "stdout"]),
      ...["error 1", "error 2", "error 3"].map((content) => [content, "stderr"]),
    ];
    const plainTags: Field[] = [
      ["_image_name_", DOCKER_IMAGE],
      ["_container_name_", "plain"],
      ["_container_ip_", SCENE_HOST_IP],
    ];
    const wanted = [outputTagsOf(pod, "web", DOCKER_IMAGE), plainTags].flatMap((tags) =>
      outputs.map(([content, stream]) =>
        seedMessage([["content", content], ["_time_", "T"], ["_source_", stream], ...tags])
      )
    );
    for (const topic of ["old", "new"]) {
      const messages = await scene.readAll(topic, wanted.length);
      assertEquals(messages.map(maskTimes).toSorted(), wanted.toSorted(), topic);
      for (const message of messages) {
        const { Time } = JSON.parse(message);
        assertEquals(Time, Math.floor(Date.parse(valueOf(message, "_time_").replace(/\.\d+/, "")) / 1000));
      }
    }
    assertEquals(await sluice.stop(), 0);
  });

  await test.step("a restart and the engine's own rotation under reading: every line once, in order", async () => {
    const count = ROTATED.bursts * ROTATED.linesOfBurst;
    await kafka.createTopic("counted");
    const pipelines = {
      "counted.yaml": pipelineOf("service_docker_stdout", ["IncludeEnv: { COUNTED: '1' }"], kafka.brokers, "counted"),
    };
    await using sluice = await scene.prepareAgent(pipelines);
    sluice.start();
    const env = { COUNTED: "1" };
    const logOptions = { "max-size": "1m", "max-file": "3" };
    const rotated = await dockerd.run({
      name: "rotated",
      command: shell(countingScript("rotated", ROTATED)),
      env,
      logOptions,
    });
    const lives = `[ -e /tmp/lived ] && from=500 || from=0; touch /tmp/lived; ` +
      `awk -v from=$from 'BEGIN { for (n = from; n < from + 500; n++) print "restarted " n }'; sleep 1000`;
    const restarted = await dockerd.run({ name: "restarted", command: shell(lives), env });
    using arrivals = await Arrivals.follow(kafka.port, "counted");
    await eventually(
      "its first life is read",
      async () => (await arrivals.readOn(), arrivals.count("restarted") === 500),
    );
    await dockerd.restart(restarted);
    await arrivals.untilTotal(count + 1000, 60_000);
    await dockerd.remove(rotated);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assertEquals(await sluice.stop(), 0);
    await arrivals.readOn();
    arrivals.check({ rotated: count, restarted: 1000 });
  });

  await test.step("a container whose log driver writes no readable file is not read, and it is said why", async () => {
    const pipelines = { "drivers.yaml": pipelineOf("service_docker_stdout", [], kafka.brokers, "counted") };
    for (const logDriver of ["local", "none"]) {
      await dockerd.run({ name: `driver-${logDriver}`, command: shell("echo unread; sleep 1000"), logDriver });
    }
    await using sluice = await scene.prepareAgent(pipelines);
    const text = await sluice.showContainers("--why");
    assertMatch(
      text,
      /driver-local +running .* \(local: a format of Docker's own\)\n +not drivers: its log driver local writes no file/,
    );
    assertMatch(text, /driver-none +running .*\n +not drivers: its log driver none writes no file/);
  });

  await test.step("an engine and pods in one containerd: every container once", async () => {
    await kafka.createTopic("both");
    const env = { BOTH: "1" };
    const options = ["IncludeEnv: { BOTH: '1' }"];
    await using sluice = await scene.prepareAgent({
      "both.yaml": pipelineOf("service_docker_stdout", options, kafka.brokers, "both"),
    });
    sluice.start();
    const names = ["one", "two", "three"];
    await Promise.all(names.map(async (name) => {
      const command = shell(`echo hello from ${name}; sleep 1000`);
      await dockerd.run({ name, command, env });
      await containerd.runPod({ name, namespace: "default", containers: [{ name, command, env }] });
    }));
    const messages = await scene.readAll("both", 6);
    const seen = messages.map((one) => ["content", "_container_name_", "_pod_name_"].map((name) => valueOf(one, name)));
    const wanted = names.flatMap((name) => [[`hello from ${name}`, name, name], [`hello from ${name}`, name, ""]]);
    assertEquals(seen.toSorted(), wanted.toSorted());
    const listed: { name: string; runtime: string }[] = JSON.parse(await sluice.showContainers("--json"));
    const ours = listed.filter(({ name }) => names.includes(name)).map(({ name, runtime }) => `${name} ${runtime}`);
    assertEquals(ours.toSorted(), names.flatMap((name) => [`${name} containerd`, `${name} docker`]).toSorted());
    assertEquals(await sluice.stop(), 0);
  });
});
