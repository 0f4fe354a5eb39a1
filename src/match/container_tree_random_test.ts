import { assert, assertEquals } from "@std/assert";
import { NodeDirectory, SECRET, textOf } from "../../tests/support/node_directory.ts";
import { type Random, seededRandom } from "../../tests/support/random.ts";
import { needs } from "../../tests/support/requirement.ts";

const BUSYBOX = "/bin/busybox";
const NAMES = ["a", "b", "c"];

/** Answers each path that it is given with the first line of what is there, or with `-`. */
const READ_LINES = `
  while read -r path; do
    line=-
    if [ -f "$path" ]; then read -r line < "$path"; fi
    echo "$line"
  done
`;

/** Fills the container's root with directories, files and links at random; some links are meant to lead out. */
function fillAtRandom(node: NodeDirectory, random: Random): void {
  const directories = [""];
  for (let count = 0; count < 25; count++) {
    const path = `${random.pick(directories)}/${random.pick(NAMES)}`;
    if (isThere(`${node.path}/root${path}`)) continue;
    const kind = random.integer(0, 3);
    if (kind === 0) {
      Deno.mkdirSync(`${node.path}/root${path}`);
      directories.push(path);
    } else if (kind === 1) node.file(`/root${path}`, `${path}\n`);
    else node.link(`/root${path}`, pathAtRandom(random, random.pick(["", "/", "../../../../", node.path])));
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function pathAtRandom(random: Random, start: string): string {
  const names = Array.from({ length: random.integer(1, 4) }, () => random.pick([...NAMES, ...NAMES, "..", "etc"]));
  return start + (start.endsWith("/") || start === "" ? "" : "/") + names.join("/");
}

/** What the operating system shows to a process that has the container's root for its own. */
async function readInside(root: string, paths: readonly string[]): Promise<readonly string[]> {
  const child = new Deno.Command("chroot", {
    args: [root, "/busybox", "sh", "-c", READ_LINES],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(paths.map((path) => `${path}\n`).join("")));
  await writer.close();
  const { stdout } = await child.output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

Deno.test("paths lead where they lead for a process in the container", async () => {
  if (!needs("root and busybox, to look from inside", Deno.uid() === 0 && isThere(BUSYBOX))) return;
  const random = seededRandom("container tree");
  let found = 0;
  for (let round = 0; round < 30; round++) {
    using node = new NodeDirectory();
    Deno.copyFileSync(BUSYBOX, `${node.path}/root/busybox`);
    fillAtRandom(node, random);
    const container = node.container();
    const paths = Array.from({ length: 100 }, () => pathAtRandom(random, "/"));
    const texts = paths.map((path) => {
      const file = container.tryOpen(path);
      const text = file === undefined ? "-" : textOf(file).trimEnd();
      file?.close();
      return text;
    });
    assertEquals(texts, await readInside(`${node.path}/root`, paths));
    assert(!texts.includes(SECRET));
    found += texts.filter((text) => text !== "-").length;
  }
  assert(found > 100, `only ${found} files`);
});
