/**
 * What the README promises: its pipeline can run, and its tables name what there is.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { parseResults, tablesOf } from "../bench/results.ts";
import { SUITES } from "../bench/suites.ts";
import { targetsTable } from "../bench/targets.ts";
import { checkConfig } from "../src/cli/check.ts";
import { SETTINGS } from "../src/cli/resolve_options.ts";
import { SLUICE_VERSION } from "../src/cli/version.ts";
import { makeDenoEnv } from "../src/core/deno_env.ts";
import { plugins } from "../src/plugins.ts";

const projectDirectory = dirname(dirname(fromFileUrl(import.meta.url)));
const readme = Deno.readTextFileSync(join(projectDirectory, "README.md"));

Deno.test("every pipeline in the README passes `sluice check`", () => {
  const pipelines = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
  assert(pipelines.length > 0);
  for (const pipeline of pipelines) {
    const path = Deno.makeTempFileSync({ suffix: ".yaml" });
    try {
      Deno.writeTextFileSync(path, pipeline);
      assertEquals(checkConfig([path], plugins, makeDenoEnv().files).lines, ["1 pipeline can run"]);
    } finally {
      Deno.removeSync(path);
    }
  }
});

Deno.test("the README names every plugin", () => {
  for (const { name } of plugins) assertStringIncludes(readme, `| \`${name}\``);
});

Deno.test("the README names every setting with its variables", () => {
  const rows = readme.split("\n");
  for (const { flag, variables } of Object.values(SETTINGS)) {
    const row = rows.find((row) => row.includes(`\`${flag.split(" ")[0]} `));
    assert(row, `no row for ${flag}`);
    for (const variable of variables) assertStringIncludes(row, `\`${variable}\``);
  }
});

Deno.test("the changelog knows the version that the program says it is", () => {
  assertStringIncludes(Deno.readTextFileSync(join(projectDirectory, "CHANGELOG.md")), SLUICE_VERSION);
});

Deno.test("the README's figures are those of bench/results.json", () => {
  const results = parseResults(Deno.readTextFileSync(join(projectDirectory, "bench", "results.json")));
  assertStringIncludes(readme, tablesOf(results, SUITES));
  const words = (text: string) => text.replaceAll(/[ -]+/g, " ");
  assertStringIncludes(words(readme), words(targetsTable(results)));
});
