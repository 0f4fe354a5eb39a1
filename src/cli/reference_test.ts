import { assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { describeOptions, flattenOptions } from "../config/describe.ts";
import { withoutEffect } from "../core/option_notes.ts";
import { bool, choice, durationMs, integer, section, text } from "../core/options.ts";
import { definePlugin } from "../core/plugin.ts";
import { plugins } from "../plugins.ts";
import { meaningKeys, tryMeaning } from "./option_meanings.ts";
import { referenceText } from "./reference.ts";

Deno.test("a plugin is its summary, a table of what it takes, and what does not do as in the original", () => {
  const plugin = definePlugin({
    kind: "flusher",
    name: "flusher_test",
    aliases: ["flusher_old"],
    summary: "Delivers.",
    options: () =>
      z.object({
        Name: text().describe("who"),
        Count: integer({ min: 1 }).default(3),
        Wait: durationMs().default(90_000),
        Deep: section({ Word: choice(["a", "b", ""]).default("a") }),
        Empty: text().default(""),
        Old: withoutEffect(bool()),
        Older: withoutEffect(bool()),
      }),
  });
  const reference = referenceText([plugin]);
  assertEquals(
    reference.slice(reference.indexOf("### Flushers")),
    [
      "### Flushers",
      "",
      "#### `flusher_test`",
      "",
      "Delivers. Also called `flusher_old`.",
      "",
      "| option      | takes                           | default      | what it does |",
      "| ----------- | ------------------------------- | ------------ | ------------ |",
      "| `Name`      | text                            | **required** | who          |",
      "| `Count`     | a whole number, 1 or more       | `3`          |              |",
      "| `Wait`      | a duration such as 30s or 250ms | `90s`        |              |",
      "| `Deep`      | a map of options                |              |              |",
      "| `Deep.Word` | `a` or `b`                      | `a`          |              |",
      "| `Empty`     | text                            |              |              |",
      "",
      "- No effect: `Old`, `Older`.",
    ].join("\n"),
  );
});

Deno.test("every plugin and every key of a pipeline is in the reference", () => {
  const reference = referenceText(plugins);
  for (const { name } of plugins) assertStringIncludes(reference, `\n#### \`${name}\`\n`);
  for (const key of ["enable", "createTime", "global", "inputs", "processors", "flushers"]) {
    assertStringIncludes(reference, `| \`${key}\``);
  }
});

Deno.test("every row of meanings is of an option that there is", () => {
  const used = new Set(
    plugins.flatMap(({ name, options }) =>
      flattenOptions(describeOptions(options())).flatMap(({ path }) => {
        return [`${name}.${path}`, path, path.slice(path.lastIndexOf(".") + 1)];
      })
    ),
  );
  assertEquals(meaningKeys().filter((key) => !used.has(key)), []);
});

Deno.test("every option that does what it does in the original says what that is", () => {
  const silent = plugins.flatMap(({ name, options }) =>
    flattenOptions(describeOptions(options()))
      .filter(({ path, note, meaning }) => (note ?? meaning ?? tryMeaning(name, path)) === undefined)
      .map(({ path }) => `${name}.${path}`)
  );
  assertEquals(silent, []);
});
