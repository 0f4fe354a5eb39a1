/**
 * The README's reference is what `sluice reference` prints. After a change of options: `deno task reference`, then read the
 * difference.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { referenceText } from "../src/cli/reference.ts";
import { plugins } from "../src/plugins.ts";

const START = "<!-- reference -->\n\n";
const END = "\n\n<!-- /reference -->";

const readmePath = join(dirname(dirname(fromFileUrl(import.meta.url))), "README.md");

/** Runs with `UPDATE_REFERENCE=1` to write the reference anew. */
Deno.test("the README's reference is what `sluice reference` prints", () => {
  const readme = Deno.readTextFileSync(readmePath);
  const [before, rest, ...more] = readme.split(START);
  assert(rest !== undefined && more.length === 0, `README.md must have one line ${START.trim()}`);
  const end = rest.indexOf(END);
  assert(end >= 0, `README.md must have a line ${END.trim()} behind it`);
  const expected = referenceText(plugins);
  if (Deno.env.get("UPDATE_REFERENCE") === "1") {
    Deno.writeTextFileSync(readmePath, before + START + expected + rest.slice(end));
  } else {
    assertEquals(rest.slice(0, end), expected, "after a change of options: deno task reference");
  }
});
