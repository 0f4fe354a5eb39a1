import { assertEquals } from "@std/assert";

const MODULE = new URL("./permissions.ts", import.meta.url).href;

/** Narrows, then tries everything, in a process with its own permissions. */
const SCRIPT = `
import { narrowWritePermission } from "${MODULE}";
const directory = Deno.args[0];
const sockets = [directory + "/link/runtime.sock", "/var/run/there/is/none.sock"];
await narrowWritePermission({ directories: [directory + "/state/checkpoint", directory + "/files"], sockets });
async function attempt(name, action) {
  try { await action(); console.log(name, "allowed"); } catch (error) { console.log(name, error.name); }
}
const bytes = new TextEncoder().encode("");
await attempt("checkpoint", () => {
  Deno.mkdirSync(directory + "/state/checkpoint", { recursive: true });
  Deno.writeTextFileSync(directory + "/state/checkpoint/a.new", "x");
  Deno.renameSync(directory + "/state/checkpoint/a.new", directory + "/state/checkpoint/a");
});
await attempt("socket", async () => (await Deno.connect({ transport: "unix", path: sockets[0] })).close());
await attempt("elsewhere", () => Deno.writeTextFileSync(directory + "/elsewhere", "x"));
await attempt("files", () => {
  Deno.mkdirSync(directory + "/files");
  Deno.writeTextFileSync(directory + "/files/a.log", "x");
});
await attempt("sibling", () => Deno.writeTextFileSync(directory + "/state/checkpoint2", "x"));
await attempt("read", () => Deno.readTextFileSync(directory + "/keep"));
await attempt("remove", () => Deno.removeSync(directory + "/keep"));
await attempt("command", () => new Deno.Command("true").outputSync());
await attempt("stdout", () => Deno.stdout.write(bytes));
await attempt("stderr", () => Deno.stderr.write(bytes));
`;

/** @returns what the script could do, by name. */
async function run(permissions: readonly string[]): Promise<Record<string, string>> {
  const directory = await Deno.makeTempDir();
  await Deno.mkdir(`${directory}/real`);
  await Deno.symlink(`${directory}/real`, `${directory}/link`);
  await Deno.writeTextFile(`${directory}/keep`, "");
  await Deno.writeTextFile(`${directory}/script.js`, SCRIPT);
  using listener = Deno.listen({ transport: "unix", path: `${directory}/real/runtime.sock` });
  const accepted = listener.accept().then((connection) => connection.close(), () => {});
  const args = ["run", "--quiet", "--no-config", "--no-lock", ...permissions, `${directory}/script.js`, directory];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  listener.close();
  await accepted;
  await Deno.remove(directory, { recursive: true });
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  if (lines.length < 10) throw new Error(new TextDecoder().decode(stderr));
  return Object.fromEntries(lines.map((line) => line.split(" ")));
}

const NARROWED = {
  checkpoint: "allowed",
  socket: "allowed",
  elsewhere: "NotCapable",
  files: "allowed",
  sibling: "NotCapable",
  remove: "NotCapable",
  command: "NotCapable",
  read: "allowed",
  stdout: "allowed",
  stderr: "allowed",
};

Deno.test("after narrowing only the checkpoint, the directories of flushers and the sockets can be written to, and nothing can be run", async () => {
  const compiled = ["--allow-read", "--allow-write=/", "--allow-net"];
  assertEquals(await run([...compiled, "--no-prompt"]), NARROWED);
  assertEquals(await run(compiled), NARROWED);
});

Deno.test("with all permissions, or with none to give up, narrowing does no harm", async () => {
  const all = await run(["-A"]);
  assertEquals(new Set(Object.values(all)), new Set(["allowed"]));
  const { checkpoint, read, stdout } = await run(["--allow-read", "--no-prompt"]);
  assertEquals([checkpoint, read, stdout], ["NotCapable", "allowed", "allowed"]);
});
