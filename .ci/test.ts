/**
 * Runs every test that this machine can run, shows their output as it comes, and closes with the line
 * `N passed, N failed, N skipped`. Arguments, if any, are passed on to `deno test` in place of the usual folders.
 *
 * @module
 */
import { dirname, fromFileUrl } from "@std/path";
import { V8_FLAGS } from "../src/core/v8_flags.ts";
import { TestCounter } from "./test_counts.ts";

const FOLDERS = [".ci", "bench", "src", "tests"];

async function runTests(targets: string[]): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    cwd: dirname(dirname(fromFileUrl(import.meta.url))),
    args: [
      "test",
      "--lock=deno.lock",
      `--v8-flags=${V8_FLAGS.join(",")}`,
      "-P=test",
      "--no-prompt",
      "--ignore=.ci/test.ts",
      ...targets,
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const counter = new TestCounter();
  await Promise.all([show(child.stdout, Deno.stdout, counter), show(child.stderr, Deno.stderr, counter)]);
  const { success } = await child.status;
  const { passed, failed, skipped } = counter.counts(success);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0;
}

/** Copies `from` to `to` as it comes, and gives the counter its lines. */
async function show(
  from: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: typeof Deno.stdout,
  counter: TestCounter,
): Promise<void> {
  const [shown, counted] = from.tee();
  await Promise.all([shown.pipeTo(to.writable, { preventClose: true }), count(counted, counter)]);
}

async function count(from: ReadableStream<Uint8Array<ArrayBuffer>>, counter: TestCounter): Promise<void> {
  let rest = "";
  for await (const text of from.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach((line) => counter.add(line));
  }
  counter.add(rest);
}

if (import.meta.main) {
  const targets = Deno.args.length > 0 ? Deno.args : FOLDERS;
  Deno.exit(await runTests(targets) ? 0 : 1);
}
