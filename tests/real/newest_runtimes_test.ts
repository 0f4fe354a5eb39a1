/**
 * The tests of the container runtimes once more, with the runtimes of today: a containerd that streams events to everyone who
 * listens, and a Docker Engine whose images containerd keeps, so that it names no layer of a container.
 *
 * @module
 */
import { assert } from "@std/assert";
import { dirname, fromFileUrl } from "@std/path";
import { V8_FLAGS } from "../../src/core/v8_flags.ts";
import {
  buildNewestRuntimes,
  canBuildNewestRuntimes,
  NEWEST_RUNTIMES_REQUIREMENT,
} from "../support/newest_runtimes.ts";
import { needs } from "../support/requirement.ts";

const FILES = [
  "containerd_discovery_test.ts",
  "docker_discovery_test.ts",
  "docker_logs_test.ts",
  "json_log_test.ts",
  "confinement_test.ts",
];

// alibaba/loongcollector#2177: nothing was collected with containerd 2; alibaba/loongcollector#2475: nor of files with Docker 29.
Deno.test("with containerd 2 and a Docker Engine after 28", async (test) => {
  if (!needs(NEWEST_RUNTIMES_REQUIREMENT, canBuildNewestRuntimes())) return;
  const programs = await buildNewestRuntimes();
  for (const file of FILES) {
    await test.step(file, async () => {
      const { success, text } = await runTests(file, programs);
      assert(success, text);
    });
  }
});

async function runTests(file: string, programs: string) {
  const directory = dirname(fromFileUrl(import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--lock=deno.lock",
      `--v8-flags=${V8_FLAGS.join(",")}`,
      "-P=test",
      "--no-check",
      `${directory}/${file}`,
    ],
    cwd: dirname(dirname(directory)),
    env: { PATH: `${programs}:${Deno.env.get("PATH")}` },
  }).output();
  return { success, text: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n") };
}
