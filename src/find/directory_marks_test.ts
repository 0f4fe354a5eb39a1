import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { DirectoryMarks } from "./directory_marks.ts";
import { findFiles } from "./find_files.ts";
import { type FindRule, makeFindRule } from "./find_rule.ts";

const { files, now } = makeDenoEnv("10.0.0.1");

/** A directory whose last change is a minute ago. */
class Tree implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "sluice-marks-" });

  constructor() {
    Deno.mkdirSync(`${this.path}/deep`);
    this.write("a.log").write("deep/b.log").age();
  }

  write(name: string): this {
    Deno.writeTextFileSync(`${this.path}/${name}`, "");
    return this;
  }

  age(): this {
    const minuteAgo = now() / 1000 - 60;
    for (const directory of [this.path, `${this.path}/deep`]) Deno.utimeSync(directory, minuteAgo, minuteAgo);
    return this;
  }

  rule(pattern: string): FindRule {
    return makeFindRule({
      filePaths: [this.path + pattern],
      maxDirSearchDepth: 5,
      excludeFilePaths: [],
      excludeFiles: [],
      excludeDirs: [],
      rootAllowed: false,
    });
  }

  marks(pattern = "/**/*.log"): DirectoryMarks {
    const marks = new DirectoryMarks(now());
    findFiles(this.rule(pattern), marks.watch(files));
    return marks;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("a tree without changes need not be searched again, whatever is written to its files", () => {
  using tree = new Tree();
  const marks = tree.marks();
  Deno.writeTextFileSync(`${tree.path}/a.log`, "more\n");
  assertEquals(marks.areUnchanged(files), true);
});

Deno.test("a new, renamed or deleted name is noticed in every directory, and a directory in another's place", () => {
  const changes: Record<string, (tree: Tree) => unknown> = {
    "a new file": (tree) => tree.write("c.log"),
    "a new file below": (tree) => tree.write("deep/c.log"),
    "a renamed file": (tree) => Deno.renameSync(`${tree.path}/deep/b.log`, `${tree.path}/deep/c.log`),
    "a deleted file": (tree) => Deno.removeSync(`${tree.path}/a.log`),
    "another directory": (tree) => {
      Deno.removeSync(`${tree.path}/deep`, { recursive: true });
      Deno.mkdirSync(`${tree.path}/deep`);
    },
    "no directory": (tree) => Deno.removeSync(tree.path, { recursive: true }) ?? Deno.mkdirSync(tree.path),
  };
  for (const [name, change] of Object.entries(changes)) {
    using tree = new Tree();
    const marks = tree.marks();
    change(tree);
    assertEquals(marks.areUnchanged(files), false, name);
  }
});

Deno.test("a directory that has just changed is not trusted: another change may leave it the same time", () => {
  using tree = new Tree();
  tree.write("c.log");
  assertEquals(tree.marks().areUnchanged(files), false);
});

Deno.test("a name that leads nowhere yet may lead somewhere without a change of its directory", () => {
  using tree = new Tree();
  Deno.symlinkSync("/nowhere/at/all", `${tree.path}/link.log`);
  tree.age();
  assertEquals(tree.marks().areUnchanged(files), false);
  assertEquals(tree.marks("/missing.log").areUnchanged(files), false);
  assertEquals(tree.marks("/missing/*.log").areUnchanged(files), false);
  assertEquals(tree.marks("/a.log").areUnchanged(files), true);
});
