/**
 * What a topic holds for a consumer that knows nothing of our code and sees only what was committed: kcat.
 *
 * @module
 */
import { addLines, LineCounts } from "./chaos_lines.ts";

/** Counts the lines in a topic, up to where it ends for a `read_committed` consumer. @throws {Error} with what kcat said. */
export async function committedLines(brokers: string, topic: string): Promise<LineCounts> {
  const settings = ["isolation.level=read_committed", "check.crcs=true"].flatMap((setting) => ["-X", setting]);
  const args = ["-C", "-b", brokers, "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%s\\n", ...settings];
  const child = new Deno.Command("kcat", { args, stdout: "piped", stderr: "piped" }).spawn();
  const counts = new LineCounts();
  const said = new Response(child.stderr).text();
  await addLines(child.stdout, counts);
  if (!(await child.status).success) throw new Error(`kcat: ${await said}`);
  return counts;
}
