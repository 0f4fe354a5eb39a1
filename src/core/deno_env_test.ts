import { assert, assertEquals, assertThrows } from "@std/assert";
import { openFilesBelow } from "../../tests/support/open_files.ts";
import { needs } from "../../tests/support/requirement.ts";
import { makeDenoEnv } from "./deno_env.ts";

const { files } = makeDenoEnv("10.0.0.1");

/** A temporary directory: the file `f`, links to it, a directory `d` with `x` in it. */
class Directory implements Disposable {
  readonly path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "sluice-env-" }));

  constructor() {
    Deno.writeTextFileSync(`${this.path}/f`, "0123456789");
    Deno.mkdirSync(`${this.path}/d`);
    Deno.writeTextFileSync(`${this.path}/d/x`, "x");
    this.#link("to-f", "f");
    this.#link("to-d", "d");
    this.#link("broken", "none");
    this.#link("round", "round");
  }

  #link(name: string, target: string): void {
    Deno.symlinkSync(target, `${this.path}/${name}`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

const LONG_NAME = "x".repeat(300);

Deno.test("tryOpenExactly() opens the file that is at the path itself", () => {
  using directory = new Directory();
  const path = `${directory.path}/f`;
  const file = files.tryOpenExactly(path);
  assert(file !== undefined);
  const bytes = new Uint8Array(4);
  assertEquals([file.readAt(8, bytes), bytes.subarray(0, 2)], [2, new TextEncoder().encode("89")]);
  assertEquals([file.readAt(2, bytes), new TextDecoder().decode(bytes), file.readAt(10, bytes)], [4, "2345", 0]);
  assertEquals(file.path, path);
  assertEquals(file.stat(), files.tryStat(path));
  file.close();
});

Deno.test("tryOpenExactly() opens neither links, nor through links, nor what is no file", () => {
  using directory = new Directory();
  const names = ["to-f", "to-d/x", "broken", "round", "none", "d", "f/x", "d/../f", "d//x", "round/x", LONG_NAME];
  for (const name of names) assertEquals(files.tryOpenExactly(`${directory.path}/${name}`), undefined, name);
  assertEquals(files.tryOpenExactly("/dev/null"), undefined);
});

Deno.test("tryOpenExactly() opens a file whose name is what the operating system makes of a deleted one's", () => {
  using directory = new Directory();
  Deno.writeTextFileSync(`${directory.path}/f (deleted)`, "other");
  const file = files.tryOpenExactly(`${directory.path}/f (deleted)`);
  assertEquals(file?.stat().size, 5);
  file?.close();
});

Deno.test("tryOpenExactly() does not wait for the writer of a FIFO", async () => {
  using directory = new Directory();
  assert((await new Deno.Command("mkfifo", { args: [`${directory.path}/pipe`] }).output()).success);
  using _socket = Deno.listen({ transport: "unix", path: `${directory.path}/socket` });
  const startMs = performance.now();
  for (const name of ["pipe", "socket"]) assertEquals(files.tryOpenExactly(`${directory.path}/${name}`), undefined);
  assert(performance.now() - startMs < 1000);
});

Deno.test("tryOpenExactly() lets go of what it does not hand out", () => {
  if (!needs("/proc", files.tryStat("/proc/self/fd") !== undefined)) return;
  using directory = new Directory();
  for (let round = 0; round < 20; round++) {
    for (const name of ["d", "to-d/x"]) files.tryOpenExactly(`${directory.path}/${name}`);
    files.tryOpenExactly(`${directory.path}/f`)?.close();
  }
  assertEquals(openFilesBelow(directory.path), []);
});

Deno.test("tryOpenExactly() throws where a file is that it may not read", async () => {
  if (!needs("root, to be somebody else", Deno.uid() === 0)) return;
  using directory = new Directory();
  Deno.chmodSync(`${directory.path}/f`, 0o600);
  Deno.chmodSync(directory.path, 0o755);
  const { code, stdout } = await asNobody(`${directory.path}/f`);
  assertEquals([code, stdout], [0, "EACCES"]);
});

/** Tries to open a file as a user that has no rights; gives what the error says. */
async function asNobody(path: string): Promise<{ readonly code: number; readonly stdout: string }> {
  const text = `
    import { makeDenoEnv } from ${JSON.stringify(import.meta.resolve("./deno_env.ts"))};
    const { files } = makeDenoEnv("10.0.0.1");
    (await import("node:process")).default.setuid(65534);
    try {
      files.tryOpenExactly(${JSON.stringify(path)});
    } catch (error) {
      await Deno.stdout.write(new TextEncoder().encode(error.code));
    }
  `;
  const args = ["eval", "--no-lock", "--ext=js", text];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

Deno.test("tryLinkStat() tells of a link, tryStat() of what it leads to", () => {
  using directory = new Directory();
  const kinds = ["f", "d", "to-f", "to-d", "broken", "round", "none", "f/x", LONG_NAME].map((name) => {
    const path = `${directory.path}/${name}`;
    return [files.tryLinkStat(path)?.kind, files.tryStat(path)?.kind];
  });
  assertEquals(kinds, [
    ["file", "file"],
    ["directory", "directory"],
    ["link", "file"],
    ["link", "directory"],
    ["link", undefined],
    ["link", undefined],
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
  ]);
  assertEquals(files.tryLinkStat("/dev/null")?.kind, "other");
  assertEquals(files.tryLinkStat(`${directory.path}/f`), files.tryStat(`${directory.path}/to-f`));
});

Deno.test("tryReadLink() gives the target as it is written", () => {
  using directory = new Directory();
  const targets = ["to-f", "broken", "round", "f", "d", "none", "f/x", LONG_NAME].map((name) => {
    return files.tryReadLink(`${directory.path}/${name}`);
  });
  assertEquals(targets, ["f", "none", "round", ...Array(5).fill(undefined)]);
});

Deno.test("where links go round in circles nothing is listed or opened", () => {
  using directory = new Directory();
  for (const name of ["round", "round/x", LONG_NAME]) {
    assertEquals(files.list(`${directory.path}/${name}`), []);
    assertEquals(files.tryOpen(`${directory.path}/${name}`), undefined);
  }
  assertThrows(() => files.tryStat("a\0b"), TypeError);
});

Deno.test("openToAppend() makes a file with its directory, and writes at its end, whoever else does", async () => {
  using directory = new Directory();
  const path = `${directory.path}/new/deep/file`;
  using file = disposable(files.openToAppend(path));
  const bytes = new TextEncoder().encode("abc");
  file.append(bytes);
  Deno.writeTextFileSync(path, "-other-", { append: true });
  file.append(bytes);
  await file.sync();
  assertEquals(Deno.readTextFileSync(path), "abc-other-abc");
  file.truncate(4);
  file.append(bytes);
  assertEquals([file.path, file.stat(), Deno.readTextFileSync(path)], [path, files.tryStat(path)!, "abc-abc"]);
});

Deno.test("openToAppend() goes on in a file that is there, and throws for what is no file, without waiting", async () => {
  using directory = new Directory();
  using file = disposable(files.openToAppend(`${directory.path}/to-f`));
  file.append(new TextEncoder().encode("x"));
  assertEquals(Deno.readTextFileSync(`${directory.path}/f`), "0123456789x");
  assert((await new Deno.Command("mkfifo", { args: [`${directory.path}/pipe`] }).output()).success);
  for (const name of ["d", "pipe"]) {
    assertThrows(() => files.openToAppend(`${directory.path}/${name}`), Error, "is not a regular file");
  }
  for (const name of ["f/x", "round"]) assertThrows(() => files.openToAppend(`${directory.path}/${name}`), Error);
});

function disposable<Opened extends { close(): void }>(file: Opened): Opened & Disposable {
  return Object.assign(file, { [Symbol.dispose]: () => file.close() });
}

Deno.test("remove() deletes a file, and does nothing where there is none", () => {
  using directory = new Directory();
  for (const name of ["f", "f", "none/x", "broken"]) files.remove(`${directory.path}/${name}`);
  assertEquals(files.list(directory.path).sort(), ["d", "round", "to-d", "to-f"]);
});
