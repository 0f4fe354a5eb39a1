import { assert, assertEquals } from "@std/assert";
import { needs } from "../../tests/support/requirement.ts";
import { assertReads, NodeDirectory, SECRET, textOf } from "../../tests/support/node_directory.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import type { Files } from "../core/env.ts";

const { files } = makeDenoEnv("10.0.0.1");

Deno.test("a file is the container's own", () => {
  using node = new NodeDirectory();
  node.file("/root/var/log/app.log", "line");
  const container = node.container();
  assertReads(container, {
    "/etc/shadow": "own",
    "/var/log/app.log": "line",
    "//var/./log/../log//app.log": "line",
    "/../../etc/shadow": "own",
    "/var/log/none.log": undefined,
    "/var/log/app.log/x": undefined,
    "/var/log": undefined,
    "/": undefined,
  });
  assertEquals(container.list("/var/log"), ["app.log"]);
  assertEquals(container.list("/var/log/app.log"), []);
  assertEquals(container.list("/none"), []);
  assertEquals([container.tryStat("/var/log")?.kind, container.tryStat("/")?.kind], ["directory", "directory"]);
  assertEquals(container.tryStat("/none"), undefined);
});

Deno.test("two containers that share a volume name its files alike", () => {
  using node = new NodeDirectory();
  node.file("/volumes/a/sub/x.log").link("/other/tmp", "/logs/sub");
  const paths = [
    node.container({ "/data": "/volumes/a" }).tryNodePath("/data/sub/x.log"),
    node.container({ "/logs": "/volumes/a" }, ["/other"]).tryNodePath("/tmp/x.log"),
    node.container({ "/x": "/volumes/a/sub/x.log" }).tryNodePath("/x"),
    node.container().tryNodePath("/data/sub/x.log"),
  ];
  assertEquals(paths, ["/volumes/a/sub/x.log", "/volumes/a/sub/x.log", "/volumes/a/sub/x.log", undefined]);
});

Deno.test("a file is direct where it is no link itself, whatever leads to its directory", () => {
  using node = new NodeDirectory();
  node.file("/root/data/x.log").link("/root/log", "/data").link("/root/y.log", "/data/x.log");
  const container = node.container({ "/mounted": "/root/data/x.log" });
  const paths = ["/data/x.log", "/log/x.log", "/mounted", "/y.log", "/log/none.log"];
  assertEquals(paths.map((path) => container.isDirect(path)), [true, true, true, false, false]);
});

Deno.test("what must not be looked at is not there; a disk that fails is not taken for an empty one", () => {
  using node = new NodeDirectory();
  node.file("/volumes/a/x.log").file("/root/x.log").file("/root/secret/x.log");
  const refusing = (error: Error): Files => ({
    ...files,
    tryLinkStat: (path) => {
      if (/secret|volumes/.test(path)) throw error;
      return files.tryLinkStat(path);
    },
  });
  for (const error of [new Deno.errors.PermissionDenied("no"), new Deno.errors.NotCapable("no")]) {
    const container = node.container({ "/data": "/volumes/a" }, ["/root"], refusing(error));
    assertReads(container, { "/secret/x.log": undefined, "/data/x.log": undefined, "/x.log": "/root/x.log" });
  }
  const container = node.container(
    { "/data": "/volumes/a", "/ok": "/root" },
    ["/root"],
    refusing(new Error("EIO")),
  );
  assertReads(container, { "/x.log": "/root/x.log", "/ok/x.log": "/root/x.log" });
  let message = "";
  try {
    container.tryOpen("/data/x.log");
  } catch (error) {
    message = String(error);
  }
  assertEquals(message, "Error: EIO");
});

Deno.test("only regular files are opened, and opening never waits", async () => {
  if (!needs("root, to make devices", Deno.uid() === 0)) return;
  using node = new NodeDirectory();
  for (const [name, ...rest] of [["pipe", "p"], ["null", "c", "1", "3"], ["disk", "b", "7", "0"]]) {
    const { success } = await new Deno.Command("mknod", { args: [`${node.path}/root/${name}`, ...rest] }).output();
    assert(success);
  }
  Deno.mkdirSync(`${node.path}/root/directory`);
  using _socket = Deno.listen({ transport: "unix", path: `${node.path}/root/socket` });
  const names = ["pipe", "null", "disk", "directory", "socket"];
  const container = node.container(Object.fromEntries(names.map((name) => [`/mounted-${name}`, `/root/${name}`])));
  const startMs = performance.now();
  for (const path of names.flatMap((name) => [`/${name}`, `/mounted-${name}`])) {
    assertEquals(container.tryOpen(path), undefined, path);
    assertEquals(container.tryStat(path)?.kind, path.endsWith("directory") ? "directory" : "other", path);
  }
  assert(performance.now() - startMs < 1000);
});

/** Files that change just before they are opened. */
function changing(change: (attempt: number) => void): Files {
  let attempt = 0;
  return {
    ...files,
    tryOpenExactly: (path) => {
      change(attempt++);
      return files.tryOpenExactly(path);
    },
  };
}

Deno.test("a file that becomes another one before it is opened is tried again, and not for ever", () => {
  using node = new NodeDirectory();
  node.file("/root/app.log", "0");
  const log = `${node.path}/root/app.log`;
  const replace = (attempt: number) => {
    Deno.writeTextFileSync(`${log}.new`, String(attempt));
    Deno.renameSync(`${log}.new`, log);
  };
  const once = node.container({}, ["/root"], changing((attempt) => attempt === 0 && replace(attempt)));
  assertReads(once, { "/app.log": "0" });
  assertEquals(node.container({}, ["/root"], changing(replace)).tryOpen("/app.log"), undefined);
  const removing = changing((attempt) => attempt === 0 && Deno.removeSync(log));
  assertEquals(node.container({}, ["/root"], removing).tryOpen("/app.log"), undefined);
});

Deno.test("a link that takes the place of a directory or a file before it is opened is not followed", () => {
  for (const [victim, target] of [["/root/etc", "/etc"], ["/root/etc/shadow", "/etc/shadow"]]) {
    using node = new NodeDirectory();
    const swap = () => {
      Deno.removeSync(node.path + victim, { recursive: true });
      node.link(victim, node.path + target);
    };
    const container = node.container({}, ["/root"], changing((attempt) => attempt === 0 && swap()));
    assertEquals(container.tryOpen("/etc/shadow"), undefined, victim);
    // What was swapped can be read by those who follow links.
    assertEquals(Deno.readTextFileSync(`${node.path}/root/etc/shadow`), SECRET);
  }
});

/**
 * Runs beside the test: puts a link where the directory or file is and back, as fast as it can, until there is a file
 * `stop`.
 */
const FLIPPING = `
  const isThere = (path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  self.onmessage = ({ data: { victim, link, stop } }) => {
    self.postMessage("begun");
    while (!isThere(stop)) {
      for (let round = 0; round < 20; round++) {
        Deno.renameSync(victim, victim + ".aside");
        Deno.renameSync(link, victim);
        Deno.renameSync(victim, link);
        Deno.renameSync(victim + ".aside", victim);
      }
    }
    self.postMessage("ended");
  };
`;

for (const victim of ["/root/etc", "/root/etc/shadow"]) {
  Deno.test(`however fast ${victim} and a link out of the container take turns, nothing foreign is read`, async () => {
    using node = new NodeDirectory();
    node.link("/root/link", node.path + victim.replace("/root", ""));
    const worker = new Worker(`data:text/javascript,${encodeURIComponent(FLIPPING)}`, { type: "module" });
    const message = () => new Promise((resolve) => worker.onmessage = resolve);
    try {
      worker.postMessage({ victim: node.path + victim, link: `${node.path}/root/link`, stop: `${node.path}/stop` });
      await message();
      assertNeverForeign(node);
    } finally {
      const ended = message();
      node.file("/stop");
      await ended;
      worker.terminate();
    }
  });
}

function assertNeverForeign(node: NodeDirectory): void {
  const container = node.container();
  const counts = { own: 0, none: 0, foreignByLink: 0 };
  const endMs = performance.now() + 30_000;
  const isEnough = () => Object.values(counts).every((count) => count > 0);
  for (let round = 0; (round < 10_000 || !isEnough()) && performance.now() < endMs; round++) {
    const file = container.tryOpen("/etc/shadow");
    if (file === undefined) counts.none++;
    else {
      assertEquals(textOf(file), "own", `round ${round}`);
      file.close();
      counts.own++;
    }
    if (tryReadText(`${node.path}/root/etc/shadow`) === SECRET) counts.foreignByLink++;
  }
  console.log(`opened and missed: ${JSON.stringify(counts)}`);
  assert(isEnough(), "the link was never in the way");
}

function tryReadText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

Deno.test("a search sees what the container shows, and walks to a directory once", () => {
  using node = new NodeDirectory();
  const names = Array.from({ length: 50 }, (_, index) => `${index}.log`);
  for (const name of names) node.file(`/root/var/log/deep/${name}`);
  node.file("/volumes/one.log").link("/root/var/log/deep/link.log", "/etc/shadow");
  node.link("/root/var/log/deep/out.log", `${node.path}/etc/shadow`);
  let looks = 0;
  const counting = { ...files, tryLinkStat: (path: string) => (looks++, files.tryLinkStat(path)) };
  const container = node.container({ "/var/log/deep/one.log": "/volumes/one.log" }, ["/root"], counting);
  const search = container.forOneSearch();
  const listed = search.list("/var/log/deep");
  assertEquals(listed.sort(), [...names, "link.log", "one.log", "out.log"].sort());
  looks = 0;
  for (const name of names) assertEquals(search.tryStat(`/var/log/deep/${name}`)?.kind, "file");
  assertEquals(looks, names.length);
  const odd = ["link.log", "one.log", "out.log", "none.log", "..", ".", ""].map((name) => `/var/log/deep/${name}`);
  for (const path of [...odd, "/", "/none/x", "/var"]) {
    assertEquals(search.tryStat(path), container.tryStat(path), path);
  }
  const file = search.tryOpen("/var/log/deep/link.log");
  assertEquals(file && textOf(file), "own");
  file?.close();
});
