import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { readConfigTexts } from "./load.ts";
import { formatProblem } from "./problem.ts";

const { files } = makeDenoEnv("127.0.0.1");

/** Runs `body` with a directory that is removed afterwards. */
function withDirectory(body: (directory: string) => void): void {
  const directory = Deno.makeTempDirSync();
  try {
    body(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function read(path: string) {
  const { texts, problems } = readConfigTexts(path, files);
  return { names: texts.map((text) => text.name), texts, messages: problems.map(formatProblem) };
}

Deno.test("a mounted ConfigMap gives one pipeline for each of its files, sorted", () => {
  withDirectory((directory) => {
    Deno.mkdirSync(`${directory}/..2026_07_13`);
    for (const name of ["b.yaml", "a.yml", "c.json"]) {
      Deno.writeTextFileSync(`${directory}/..2026_07_13/${name}`, name);
      Deno.symlinkSync(`..data/${name}`, `${directory}/${name}`);
    }
    Deno.symlinkSync("..2026_07_13", `${directory}/..data`);
    const { names, texts, messages } = read(directory);
    assertEquals([names, messages], [["a", "b", "c"], []]);
    assertEquals(texts.map((text) => text.text), ["a.yml", "b.yaml", "c.json"]);
  });
});

Deno.test("only regular files with a pipeline's extension are read", () => {
  withDirectory((directory) => {
    for (const name of [".hidden.yaml", "notes.txt", "yaml", "a.yaml~", "b.yaml"]) {
      Deno.writeTextFileSync(`${directory}/${name}`, "");
    }
    Deno.mkdirSync(`${directory}/folder.yaml`);
    Deno.symlinkSync("nowhere", `${directory}/dangling.yaml`);
    assertEquals(read(directory).names, ["b"]);
  });
});

Deno.test("of two files with one stem the first by name is read and the other mentioned", () => {
  withDirectory((directory) => {
    for (const name of ["a.json", "a.yaml"]) Deno.writeTextFileSync(`${directory}/${name}`, name);
    const { texts, messages } = read(`${directory}/`);
    assertEquals(texts.map((text) => text.text), ["a.json"]);
    assertEquals(messages, [`${directory}/a.yaml warning: ignored: a.json already gives the pipeline of this name`]);
  });
});

Deno.test("a single file gives itself", () => {
  withDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/nginx.access.yaml`, "x");
    assertEquals(read(`${directory}/nginx.access.yaml`).names, ["nginx.access"]);
  });
});

Deno.test("a missing path and an empty directory are mentioned", () => {
  withDirectory((directory) => {
    assertEquals(read(`${directory}/no`).messages, [`${directory}/no error: there is no such file or directory`]);
    const empty = `${directory} warning: there is no pipeline file (.yaml, .yml, .json) in this directory`;
    assertEquals(read(directory).messages, [empty]);
  });
});
