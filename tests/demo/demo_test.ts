import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";

const demoPath = join(dirname(fromFileUrl(import.meta.url)), "demo.ts");

async function runDemo(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-P=demo", "--no-prompt", demoPath, ...args] });
  const { code, stdout, stderr } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("the demo delivers every line exactly once, through a rotation", async () => {
  const { code, stdout, stderr } = await runDemo("--seconds", "1");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "in the middle of a record");
  assertStringIncludes(stderr, "every line arrived exactly once");
  const sources = new Set<string>();
  for (const line of stdout.trim().split("\n")) {
    const { Contents }: { Contents: { Key: string; Value: string }[] } = JSON.parse(line);
    sources.add(
      Contents.filter(({ Key }) => ["_pod_name_", "_source_"].includes(Key)).map(({ Value }) => Value).join(" "),
    );
  }
  assertEquals([...sources].toSorted(), [
    "stderr nginx-76d49876c7-r892w",
    "stdout json-log-5df95f9f84-dhj2l",
    "stdout nginx-76d49876c7-r892w",
  ]);
});

Deno.test("the demo refuses a time that is none", async () => {
  const { code, stderr } = await runDemo("--seconds", "soon");
  assertEquals(code, 1);
  assertStringIncludes(stderr, '--seconds must be a positive number, not "soon"');
});

Deno.test("the demo fails when its agent cannot start", async () => {
  const { code, stderr } = await runDemo("--seconds", "5", "--binary", "/nonexistent/sluice");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "/nonexistent/sluice");
});
