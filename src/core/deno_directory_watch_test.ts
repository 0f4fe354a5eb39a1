import { assertEquals, assertThrows } from "@std/assert";
import { watchDirectories } from "./deno_directory_watch.ts";

const WAIT_MS_MAX = 20_000;

async function eventually(isTrue: () => boolean): Promise<boolean> {
  for (const untilMs = Date.now() + WAIT_MS_MAX; Date.now() < untilMs && !isTrue();) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return isTrue();
}

Deno.test("watched directories ring for what happens in them, and for nothing below or when they are read", async () => {
  const root = Deno.makeTempDirSync({ prefix: "sluice-watch-" });
  const [one, other] = ["one", "other"].map((name) => `${root}/${name}`);
  for (const path of [one, other, `${one}/below`]) Deno.mkdirSync(path);
  for (const path of [one, other, `${one}/below`]) Deno.writeTextFileSync(`${path}/log`, "");
  const rung: string[] = [];
  const watch = watchDirectories([one, other], (path) => rung.push(path));
  Deno.writeTextFileSync(`${one}/below/log`, "a line", { append: true });
  Deno.readTextFileSync(`${one}/log`);
  Deno.writeTextFileSync(`${other}/log`, "a line", { append: true });
  assertEquals(await eventually(() => rung.length > 0), true);
  assertEquals(new Set(rung), new Set([other]));
  Deno.renameSync(`${one}/log`, `${one}/log.1`);
  assertEquals(await eventually(() => rung.includes(one)), true);
  watch.close();
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a directory that is not there cannot be watched", () => {
  assertThrows(() => watchDirectories(["/no/such/directory"], () => {}));
});
