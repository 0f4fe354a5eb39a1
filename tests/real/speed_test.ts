/**
 * The compiled binary against rsyslog on the same lines, to one real broker, in one run. Speed depends on the machine, so the
 * demands are: a multiple of rsyslog's, and the memory.
 *
 * @module
 */
import { assert } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { kafkaRequirement } from "../support/kafka.ts";
import { hasProgram, needs } from "../support/requirement.ts";
import { sluiceBinary } from "../support/sluice.ts";

const projectDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
const TIMES_RSYSLOG_MIN = 4;
/** On a machine on which rsyslog reaches its usual figure; on a slower one, as much less. */
const MB_PER_CPU_SECOND_MIN = 250;
const RSYSLOG_MB_PER_CPU_SECOND = 59;
const RSS_MB_MAX = 130;

const OPTIONS = ["--only", "plain", "--codec", "none", "--agent", "sluice,rsyslog", "--megabytes", "400"];

interface Result {
  readonly agent: string;
  readonly inputMBPerCpuSecond: number;
  readonly rssMB: number;
}

Deno.test("400 MB of lines: four times rsyslog's speed at least, in 130 MB", async () => {
  const canRun = kafkaRequirement() && hasProgram("rsyslogd");
  if (!needs("Java and Kafka, and rsyslog with omkafka", canRun)) return;
  await sluiceBinary();
  const output = await Deno.makeTempFile({ prefix: "sluice-speed-" });
  const script = join(projectDirectory, "bench", "agent.ts");
  const args = ["run", "-P=test", "--no-prompt", script, ...OPTIONS, "--output", output];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: projectDirectory }).output();
  assert(success, new TextDecoder().decode(stderr));
  console.log(new TextDecoder().decode(stdout));
  const results: Result[] = JSON.parse(await Deno.readTextFile(output));
  await Deno.remove(output);
  const [sluice, rsyslog] = ["sluice", "rsyslog"].map((agent) => results.find((result) => result.agent === agent)!);
  const machine = Math.min(1, rsyslog.inputMBPerCpuSecond / RSYSLOG_MB_PER_CPU_SECOND);
  assert(sluice.inputMBPerCpuSecond >= TIMES_RSYSLOG_MIN * rsyslog.inputMBPerCpuSecond, "not four times rsyslog's");
  assert(sluice.inputMBPerCpuSecond >= MB_PER_CPU_SECOND_MIN * machine, `less than ${MB_PER_CPU_SECOND_MIN * machine}`);
  assert(sluice.rssMB <= RSS_MB_MAX, `${sluice.rssMB} MB`);
});
