import { assertEquals } from "@std/assert";
import * as z from "zod";
import type { Files } from "../core/env.ts";
import { definePlugin, type PluginDeclaration } from "../core/plugin.ts";
import { withFiles } from "./file_options.ts";

const plain = definePlugin({ kind: "processor", name: "plain", aliases: [], summary: "", options: () => z.object({}) });
const reading = {
  ...plain,
  name: "reading",
  optionsFrom: (files: Files) => z.object({ path: z.string().transform((path) => files.tryReadText(path)) }),
};

Deno.test("a plugin that reads files has options over these files, the others stay as they are", () => {
  const files = { tryReadText: (path: string) => `text of ${path}` } as Files;
  const declarations: readonly PluginDeclaration[] = [plain, reading];
  const [same, bound] = withFiles(declarations, files);
  assertEquals(same, plain);
  assertEquals([bound.name, bound.options().parse({ path: "/a" })], ["reading", { path: "text of /a" }]);
});
