/**
 * The compiled binary with a checkpoint that is an old copy, or half of one: lines come again, and none is missing.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type MadeUpContainer, MadeUpNode } from "../support/made_up_node.ts";
import { numberedLines } from "../support/numbered_lines.ts";
import { eventually, TestSluice } from "../support/sluice.ts";

const PIPELINE = "inputs: [{Type: service_docker_stdout}]\nflushers: [{Type: flusher_stdout, OnlyStdout: true}]\n";

/** A log of numbered lines, and what an agent has printed of it. */
class PrintedLog {
  readonly #name: string;
  readonly #container: MadeUpContainer;
  readonly #sluice: TestSluice;
  #lines = 0;

  constructor(name: string, node: MadeUpNode, sluice: TestSluice) {
    this.#name = name;
    this.#container = node.addContainer(name);
    this.#sluice = sluice;
  }

  write(): void {
    this.#container.writeLines(numberedLines(this.#name, this.#lines, this.#lines += 100));
  }

  rotate(): void {
    this.#container.rotate();
  }

  /** Whether all lines from `from` on have been printed since a moment. */
  isPrinted(from: number, since: number): boolean {
    const printed = this.#sluice.stdout.slice(since);
    const lines = numberedLines(this.#name, from, this.#lines);
    return lines.every((line) => printed.includes(`"${line}"`));
  }
}

for (const isTorn of [false, true]) {
  const what = isTorn ? "half of a checkpoint" : "an old copy of the checkpoint";
  Deno.test(`${what}: a log that it does not know is read from its oldest file, though its container is older than the agent's start`, async () => {
    using node = new MadeUpNode();
    await using sluice = await TestSluice.prepare({ ...node, pipelines: { "all.yaml": PIPELINE } });
    const known = new PrintedLog("known", node, sluice);
    known.write();
    sluice.start();
    await eventually("the known log is read", () => known.isPrinted(0, 0));
    const copy = await eventuallyText(sluice.checkpointPath, "known");
    const late = new PrintedLog("late", node, sluice);
    late.write();
    await eventually("the late log is read", () => late.isPrinted(0, 0));
    for (const log of [late, known]) log.rotate();
    for (const log of [late, known]) log.write();
    await eventually("both are read on", () => late.isPrinted(0, 0) && known.isPrinted(0, 0));
    assertEquals(await sluice.stop(), 0);
    late.rotate();
    late.write();
    Deno.writeTextFileSync(sluice.checkpointPath, isTorn ? copy.slice(0, copy.length / 2) : copy);
    const since = sluice.stdout.length;
    sluice.start();
    await eventually("everything that the copy does not know is read", () => {
      return late.isPrinted(0, since) && known.isPrinted(isTorn ? 0 : 100, since);
    });
    assertEquals(await sluice.stop(), 0);
    const names = [...Deno.readDirSync(join(sluice.directory, "checkpoint"))].map(({ name }) => name);
    assertEquals(names.some((name) => name.includes(".corrupt-")), isTorn);
  });
}

/** What a file holds, as soon as it has a text in it. */
async function eventuallyText(path: string, text: string): Promise<string> {
  let found = "";
  await eventually(`${text} in ${path}`, () => (found = tryRead(path)).includes(text));
  return found;
}

function tryRead(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
