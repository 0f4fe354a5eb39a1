import { assert, assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import type { FileStat, ReadableFiles } from "../core/env.ts";
import { findFiles } from "./find_files.ts";
import { findProblems, makeFindRule } from "./find_rule.ts";

const { files } = makeDenoEnv("10.0.0.1");

/** A temporary directory with files; patterns and findings are relative to it. */
class Tree implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "sluice-find-" });

  constructor(...paths: readonly string[]) {
    for (const path of paths) this.file(path);
  }

  file(path: string): this {
    Deno.mkdirSync(this.path + path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(this.path + path, path);
    return this;
  }

  link(path: string, target: string): this {
    Deno.symlinkSync(target, this.path + path);
    return this;
  }

  rule(pattern: string | readonly string[], options: Partial<Parameters<typeof makeFindRule>[0]> = {}) {
    return makeFindRule({ ...NOTHING, filePaths: [pattern].flat().map((text) => this.path + text), ...options });
  }

  find(...[pattern, options]: Parameters<Tree["rule"]>): string[] {
    return findFiles(this.rule(pattern, options), files).map(({ path }) => path.slice(this.path.length));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

const NOTHING = {
  filePaths: [],
  maxDirSearchDepth: 0,
  excludeFilePaths: [],
  excludeFiles: [],
  excludeDirs: [],
  rootAllowed: false,
};

Deno.test("names are found by pattern, in the order of their paths", () => {
  using tree = new Tree("/b.log", "/a.log", "/.c.log", "/a.txt", "/sub/d.log");
  Deno.mkdirSync(`${tree.path}/directory.log`);
  assertEquals(tree.find("/*.log"), ["/.c.log", "/a.log", "/b.log"]);
  assertEquals(tree.find("/[ab].???"), ["/a.log", "/a.txt", "/b.log"]);
  assertEquals(tree.find("/a.log"), ["/a.log"]);
  assertEquals(tree.find(["/none.log", "/none/*.log", "/none/**/x"]), []);
  assertEquals(tree.find(["/b*", "/*.log"]), ["/.c.log", "/a.log", "/b.log"]);
});

Deno.test("directories may be patterns", () => {
  using tree = new Tree("/app1/logs/x.log", "/app2/logs/x.log", "/app2/other/x.log", "/db/logs/x.log", "/app3");
  assertEquals(tree.find("/app?/logs/*.log"), ["/app1/logs/x.log", "/app2/logs/x.log"]);
  assertEquals(tree.find("/app*/*/x.log"), ["/app1/logs/x.log", "/app2/logs/x.log", "/app2/other/x.log"]);
});

Deno.test("`MaxDirSearchDepth` says how many levels below ** count", () => {
  using tree = new Tree("/log/0.log", "/log/a/1.log", "/log/a/b/2.log", "/log/a/b/c/3.log");
  const depths = [0, 1, 2, -1].map((maxDirSearchDepth) => tree.find("/log/**/*.log", { maxDirSearchDepth }).length);
  assertEquals(depths, [1, 2, 3, 4]);
  assertEquals(tree.find("/log/**/2.log", { maxDirSearchDepth: 9 }), ["/log/a/b/2.log"]);
  assertEquals(tree.find("/log/*.log", { maxDirSearchDepth: 9 }), ["/log/0.log"]);
  assertEquals(tree.find("/*/**/1.log", { maxDirSearchDepth: 1 }), ["/log/a/1.log"]);
});

Deno.test("`ExcludeFiles` leaves out names, `ExcludeFilePaths` paths", () => {
  using tree = new Tree("/a/x.log", "/a/y.log", "/b/x.log", "/b/c/x.log");
  const find = (options: Partial<typeof NOTHING> | object) =>
    tree.find("/**/*.log", { maxDirSearchDepth: 3, ...options });
  const below = (path: string) => tree.path + path;
  assertEquals(find({ excludeFiles: ["x*"] }), ["/a/y.log"]);
  assertEquals(find({ excludeFilePaths: [below("/a/x.log")] }), ["/a/y.log", "/b/c/x.log", "/b/x.log"]);
  assertEquals(find({ excludeFilePaths: [below("/*/x.log")] }), ["/a/y.log", "/b/c/x.log"]);
  assertEquals(find({ excludeFilePaths: [below("/**/x.log")] }), ["/a/y.log"]);
});

Deno.test("`ExcludeDirs` leaves out directories with all that is below", () => {
  using tree = new Tree("/a/x.log", "/a/b/x.log", "/ab/x.log", "/c/b/d/x.log");
  const find = (excluded: string) => {
    return tree.find("/**/*.log", { maxDirSearchDepth: 3, excludeDirs: [tree.path + excluded] });
  };
  assertEquals(find("/a"), ["/ab/x.log", "/c/b/d/x.log"]);
  assertEquals(find("/a/"), ["/ab/x.log", "/c/b/d/x.log"]);
  assertEquals(find("/a*"), ["/c/b/d/x.log"]);
  assertEquals(find("/*/b"), ["/a/x.log", "/ab/x.log"]);
  assertEquals(find("/**/d"), ["/a/b/x.log", "/a/x.log", "/ab/x.log"]);
  assertEquals(find(""), []);
  assertEquals(tree.find("/a*/x.log", { excludeDirs: [`${tree.path}/a`] }), ["/ab/x.log"]);
  assertEquals(tree.find("/a/b/x.log", { excludeDirs: [`${tree.path}/a`] }), []);
});

Deno.test("rotated files are left out beside the file that they come from", () => {
  using tree = new Tree(
    "/app.log",
    "/app.log.1",
    "/app.log.20261123-120000",
    "/app.1.log",
    "/app.log.2.gz",
    "/day.20261123",
  );
  assertEquals(tree.find("/*"), ["/app.1.log", "/app.log", "/day.20261123"]);
  assertEquals(tree.find(["/app.log", "/app.log.*"]), ["/app.log"]);
});

Deno.test("rotated files whose origin is not wanted are files like others", () => {
  using tree = new Tree("/app.log", "/app.log.1", "/app.log.2");
  assertEquals(tree.find("/app.log.*"), ["/app.log.1", "/app.log.2"]);
  assertEquals(tree.find("/app*", { excludeFiles: ["app.log"] }), ["/app.log.1", "/app.log.2"]);
});

Deno.test("rotated files whose origin is wanted but not there say where they come from", () => {
  using tree = new Tree("/app.log.1", "/other.1");
  const found = findFiles(tree.rule("/app*"), files).map(({ rotatedFrom }) => rotatedFrom);
  assertEquals(found, [`${tree.path}/app.log`]);
  assertEquals(findFiles(tree.rule("/*.1"), files).map(({ rotatedFrom }) => rotatedFrom), [undefined, undefined]);
});

Deno.test("compressed files are left out", () => {
  using tree = new Tree("/a.log", "/a.log.gz", "/b.zip", "/c.bz2", "/d.xz", "/e.zst");
  assertEquals(tree.find("/*"), ["/a.log"]);
});

Deno.test("links are followed, but not in circles", () => {
  using tree = new Tree("/real/x.log", "/other/y.log");
  tree.link("/real/self", ".").link("/real/up", "..").link("/real/other", "../other").link(
    "/real/z.log",
    "../other/y.log",
  );
  tree.link("/real/gone.log", "nowhere").link("/real/round.log", "round.log");
  assertEquals(tree.find("/real/**/*.log", { maxDirSearchDepth: -1 }), [
    "/real/other/y.log",
    "/real/up/other/y.log",
    "/real/x.log",
    "/real/z.log",
  ]);
});

Deno.test("what cannot be looked at is told and does not stop the search", () => {
  using tree = new Tree("/a/x.log", "/b/x.log");
  const failing: ReadableFiles = {
    ...files,
    list: (path) => {
      if (path.endsWith("/a")) throw new Deno.errors.PermissionDenied("no");
      return files.list(path);
    },
  };
  const problems: string[] = [];
  const found = findFiles(tree.rule("/*/*.log"), failing, (problem) => problems.push(problem));
  assertEquals(found.map(({ path }) => path), [`${tree.path}/b/x.log`]);
  assertEquals(problems, [`${tree.path}/a cannot be looked at: no`]);
});

const FILE: FileStat = { device: 1, inode: 1, size: 0, modifiedMs: 0, kind: "file" };

function madeUpFiles(names: readonly string[], stat = FILE): ReadableFiles {
  return { tryOpen: () => undefined, tryStat: () => stat, list: () => [...names] };
}

Deno.test("the number of findings is bounded, and told", () => {
  const names = Array.from({ length: 10_005 }, (_, index) => `${index}.log`);
  const problems: string[] = [];
  const rule = makeFindRule({ ...NOTHING, filePaths: ["/logs/*.log"] });
  assertEquals(findFiles(rule, madeUpFiles(names), (problem) => problems.push(problem)).length, 10_000);
  assertEquals(problems, ["more than 10000 files match; the others are not read"]);
});

Deno.test("a tree without end is given up, and told", () => {
  let inode = 0;
  const endless: ReadableFiles = {
    ...madeUpFiles(["a", "b"]),
    tryStat: () => ({ ...FILE, kind: "directory", inode: ++inode }),
  };
  const problems: string[] = [];
  const rule = makeFindRule({ ...NOTHING, filePaths: ["/logs/**/*.log"], maxDirSearchDepth: -1 });
  assertEquals(findFiles(rule, endless, (problem) => problems.push(problem)), []);
  assertEquals(problems, ["the search ended after 100000 names; narrow FilePaths or MaxDirSearchDepth"]);
});

Deno.test("the root itself is searched when that is allowed", () => {
  const rule = makeFindRule({ ...NOTHING, filePaths: ["/*.log", "/**/y.log"], rootAllowed: true });
  assertEquals(findFiles(rule, madeUpFiles(["x.log", "y.log"])).map(({ path }) => path), ["/x.log", "/y.log"]);
});

Deno.test("a search looks at each name once", () => {
  const counts = { list: 0, stat: 0 };
  const counting: ReadableFiles = {
    tryOpen: () => undefined,
    list: () => (counts.list++, Array.from({ length: 100 }, (_, index) => `${index}.${index % 2 ? "log" : "txt"}`)),
    tryStat: () => (counts.stat++, FILE),
  };
  findFiles(makeFindRule({ ...NOTHING, filePaths: ["/logs/*.log"] }), counting);
  findFiles(makeFindRule({ ...NOTHING, filePaths: ["/logs/one.log"] }), counting);
  assertEquals(counts, { list: 1, stat: 51 });
});

Deno.test("findProblems() tells everything that is wrong", () => {
  const problems = findProblems({
    ...NOTHING,
    filePaths: ["/a/*.log", "b.log", "/c/**/d/e"],
    excludeFilePaths: ["x/*.log"],
    excludeDirs: ["/fine", "y"],
    excludeFiles: ["a/b", "fine"],
  });
  assertEquals(problems.map((problem) => problem.split(" ")[0]), [
    '"b.log"',
    '"/c/**/d/e"',
    '"x/*.log"',
    '"y"',
    '"a/b"',
  ]);
  assertEquals(findProblems({ ...NOTHING, filePaths: ["/a/*.log"] }), []);
});

Deno.test("a thousand files are found within milliseconds", () => {
  using tree = new Tree(...Array.from({ length: 1000 }, (_, index) => `/${index}.log`));
  const rule = tree.rule("/*.log");
  for (let round = 0; round < 20; round++) findFiles(rule, files);
  const startMs = performance.now();
  for (let round = 0; round < 10; round++) assertEquals(findFiles(rule, files).length, 1000);
  const elapsedMs = (performance.now() - startMs) / 10;
  console.log(`1,000 files in one directory: ${elapsedMs.toFixed(2)} ms`);
  assert(elapsedMs < 100, `${elapsedMs} ms`);
});
