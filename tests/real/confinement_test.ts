/**
 * Containers that want to see files of the node: what they put where their logs should be is links, loops, pipes, devices and directories,
 * and a link that takes turns with a file. Nothing of the node's file leaves, and everything else is read on.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { pipelineOf } from "../support/pipelines.ts";
import { canRunScene, RuntimeScene } from "../support/runtime_scene.ts";
import { valueOf } from "../support/seed_form.ts";
import { eventually } from "../support/sluice.ts";

const TOPIC = "attacks";
const SECRET = "root:the-secret-of-the-node";
/** How long link and file take turns. */
const RACE_MS = 6000;
const RACE_MET_MS_MAX = 60_000;
const LINES = 1000;

/**
 * What stands in the container at `/root/log`. The node's secret is at `$1` on the node; a file of the same path in the container is
 * the container's own.
 */
const ATTACK = `secret=$1
mkdir -p /root/log/directory.log /race/real $(dirname $secret) /tmp/up
echo own-shadow >/etc/shadow
cd /root/log
ln -s $secret absolute.log
ln -s ../../../../../../../../../..$secret climbing.log
ln -s /proc/1/root$secret process.log
ln -s /proc/self/root$secret self.log
ln -s /proc/1/root/etc/shadow shadow.log
ln -s loop-b.log loop-a.log
ln -s loop-a.log loop-b.log
ln -s deeper.log/x deeper.log
ln -s /proc/1/root/ rootdir
ln -s / cycle
mkfifo pipe.log
mknod null.log c 1 3
mknod zero.log c 1 5
mknod disk.log b 8 0
ln -s /dev/zero zero-link.log
ln -s /etc/shadow own.log
echo good-line >good.log
(while :; do
  ln -s $secret race.new; mv -f race.new race.log
  echo race-line >race.new; mv -f race.new race.log
done) &
mkdir real; echo real-line >real/file.log
(while :; do
  mv real hidden; ln -s $(dirname $secret) real
  rm real; mv hidden real
done) &
i=0
while :; do echo "good $i" >>good.log; i=$((i + 1)); sleep 0.05; done
`;

/** Both run the same attack. */
const ATTACKERS = ["attacker", "docker-attacker"];
const FILTER = ["EnableContainerDiscovery: true", "ContainerFilters: { IncludeEnv: { ROLE: attacker } }"];

/** What has come of one attacker is its own, and nobody was kept from reading it. */
function check(contents: readonly string[]): void {
  const ofKind = (kind: string) => contents.filter((content) => content.startsWith(`${kind} `) || content === kind);
  assertEquals(["good-line", "own-shadow"].map((kind) => ofKind(kind).length), [1, 1]);
  // It depends on chance whether a directory that takes turns with a link is there when it is looked at.
  assert(ofKind("real-line").length <= 1);
  assert(ofKind("race-line").length > 0);
  assertEquals(ofKind("good"), ofKind("good").map((_, index) => `good ${index}`));
  assert(ofKind("good").length > 50);
}

Deno.test("containers of containerd and Docker that attack through their log files get nothing of the node", async () => {
  if (!canRunScene("containerd", "docker")) return;
  await using scene = await RuntimeScene.start("containerd", "docker");
  const { kafka, containerd, dockerd } = scene;
  await kafka.createTopic(TOPIC);
  // Where the log of the race is sought the node has a file of that name.
  const directory = await Deno.makeTempDir({ dir: containerd.directory });
  for (const name of ["secret", "file.log"]) {
    await Deno.writeTextFile(`${directory}/${name}`, `${SECRET}\n`.repeat(LINES));
  }
  const command = ["/bin/sh", "-c", ATTACK, "sh", `${directory}/secret`];
  const [name, dockerName] = ATTACKERS;
  const env = { ROLE: "attacker" };
  await containerd.runPod({ name, namespace: "default", containers: [{ name, command, env }] });
  await dockerd.run({ name: dockerName, command, env });
  const pipeline = (...options: string[]) => pipelineOf("input_file", [...FILTER, ...options], kafka.brokers, TOPIC);
  await using sluice = await scene.prepareAgent({
    "files.yaml": pipeline("FilePaths: /root/log/*.log"),
    "deep.yaml": pipeline("FilePaths: /root/log/real/*.log"),
    "all.yaml": pipeline("FilePaths: /root/log/**/shadow", "MaxDirSearchDepth: 5"),
  });
  sluice.start();
  const read = async () => {
    const messages = await scene.read(TOPIC);
    const of = (name: string) => messages.filter((one) => valueOf(one, "__tag__:_container_name_") === name);
    return ATTACKERS.map((name) => of(name).map((one) => valueOf(one, "content")));
  };
  await eventually("it reads both", async () => (await read()).every((contents) => contents.length > 0));
  await new Promise((resolve) => setTimeout(resolve, RACE_MS));
  const before = await read();
  // When the file of the race is there at a look is a matter of chance, too: sooner or later it is.
  await eventually("it reads on, and has met the file of the race", async () => {
    const now = await read();
    return now.every((one, index) => one.length > before[index].length + 20 && one.includes("race-line"));
  }, RACE_MET_MS_MAX);
  assertEquals(await sluice.stop(), 0);
  const messages = await scene.read(TOPIC);
  const shadow = (await Deno.readTextFile("/etc/shadow")).split("\n").filter((line) => line !== "");
  const contents = messages.map((message) => valueOf(message, "content"));
  assertEquals(messages.filter((message) => message.includes(SECRET) || message.includes("root:")), []);
  assertEquals(contents.filter((content) => shadow.includes(content)), []);
  for (const one of await read()) check(one);
});
