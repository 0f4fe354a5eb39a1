/**
 * What `sluice check` says of the files in this folder, word for word. After a wanted change: `UPDATE_GOLDEN=1 deno test -A` here,
 * then read the difference.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { checkConfig } from "../../../src/cli/check.ts";
import { makeDenoEnv } from "../../../src/core/deno_env.ts";
import { plugins } from "../../../src/plugins.ts";

const folder = new URL(".", import.meta.url).pathname;
const isUpdate = Deno.env.get("UPDATE_GOLDEN") === "1";

for (const { name, isDirectory } of [...Deno.readDirSync(folder)].toSorted((a, b) => a.name < b.name ? -1 : 1)) {
  if (!isDirectory) continue;
  Deno.test(`check says what is wrong: ${name.replaceAll("_", " ")}`, () => {
    const { lines, isGood } = checkConfig([`${folder}${name}/config.yaml`], plugins, makeDenoEnv().files);
    const actual = [...lines, `exit ${isGood ? 0 : 2}`, ""].join("\n").replaceAll(`${folder}${name}/`, "");
    const expectedPath = `${folder}${name}/expected.txt`;
    if (isUpdate) Deno.writeTextFileSync(expectedPath, actual);
    assertEquals(actual, Deno.readTextFileSync(expectedPath));
  });
}
