/**
 * Sluice as a peer: the compiled binary with the walk-through's pipeline for nginx, and what a kind of work adds to it.
 *
 * @module
 */
import { join } from "@std/path";
import { sluiceBinary } from "../tests/support/sluice.ts";
import { VOLUME } from "./idle_node.ts";
import { POD_LABEL } from "./made_up_container.ts";
import { peerCodec, type WorkKind } from "./mode.ts";
import type { Peer, Work } from "./peer.ts";
import { WORKLOADS } from "./workload.ts";

/** Long enough for Deno to keep the program's compiled code. */
const FIRST_START_MS = 3000;
/** Where it does so. It never replaces what another build has left there, and without it each start takes 10 MB more. */
const COMPILED_CODE_PATH = "/tmp/deno-compile-sluice.cache";
const POD_FILTER = ["IncludeK8sLabel:", `  app: ${POD_LABEL.app}`];

/** The compiled binary, made when it is missing or older than its sources. */
export const sluice: Peer = {
  name: "sluice",
  unavailable: () => undefined,
  unfit: () => undefined,
  ownCodecs: ["lz4-1"],
  prepare: startedOnce,
  command(work) {
    const config = join(work.directory, "config");
    Deno.mkdirSync(config);
    Deno.writeTextFileSync(join(config, "nginx.yaml"), pipelineText(work));
    const args = ["run", "--config", config, "--host-root", work.hostRoot, "--log-level", "warn"];
    args.push("--static-containers", work.containersPath, "--checkpoint", join(work.directory, "checkpoint"));
    return { program: work.program, args };
  },
};

/** The pipeline file for a piece of work. */
export function pipelineText(
  { kind, broker, topic, codec }: Pick<Work, "kind" | "broker" | "topic" | "codec">,
): string {
  return `enable: true
inputs:
${indented(inputLines(kind)).replace("    ", "  - ")}
${processorsText(kind)}flushers:
  - Type: flusher_kafka_v2
    Brokers:
      - ${broker}
    Topic: ${topic}
    Compression: ${peerCodec(codec)}
${codec === "lz4-1" ? "    CompressionLevel: 1\n" : ""}`;
}

/** The pipeline's one input, as the lines of a YAML mapping. */
function inputLines(kind: WorkKind): string[] {
  if (kind === "files") {
    const filters = ["ContainerFilters:", ...POD_FILTER.map((line) => `  ${line}`)];
    const paths = ["FilePaths:", `  - ${VOLUME.mountedAt}/${VOLUME.fileName}`];
    return ["Type: input_file", ...paths, "EnableContainerDiscovery: true", ...filters];
  }
  const streams = ["Type: service_docker_stdout", "Stderr: false", "Stdout: true"];
  return [...streams, ...POD_FILTER, ...WORKLOADS[kind].inputOptions];
}

function processorsText(kind: WorkKind): string {
  const lines = kind === "files" ? [] : WORKLOADS[kind].processors;
  return lines.length === 0 ? "" : `processors:\n${indented(lines)}\n`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join("\n");
}

/** Makes the binary and starts it once without work, as the image is built: the first start of all takes 13 MB more than any other. */
async function startedOnce(): Promise<string> {
  const program = await sluiceBinary();
  await Deno.remove(COMPILED_CODE_PATH).catch(() => {});
  const directory = await Deno.makeTempDir({ prefix: "sluice-bench-" });
  const config = join(directory, "none.yaml");
  const containers = join(directory, "containers.json");
  Deno.writeTextFileSync(config, "inputs: [{Type: service_docker_stdout}]\nflushers: [{Type: flusher_stdout}]\n");
  Deno.writeTextFileSync(containers, "[]");
  const args = ["run", "--config", config, "--static-containers", containers, "--checkpoint", directory];
  const agent = new Deno.Command(program, { args, stdout: "null", stderr: "null" }).spawn();
  await new Promise((resolve) => setTimeout(resolve, FIRST_START_MS));
  agent.kill();
  await agent.status;
  await Deno.remove(directory, { recursive: true });
  return program;
}
