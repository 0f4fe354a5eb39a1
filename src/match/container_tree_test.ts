import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertReads, makeContainer, NodeDirectory, SECRET } from "../../tests/support/node_directory.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import { ContainerFiles } from "./container_files.ts";

const { files } = makeDenoEnv("10.0.0.1");

Deno.test("no link leads out of the container", () => {
  using node = new NodeDirectory();
  node.link("/root/log/absolute", "/etc/shadow");
  node.link("/root/log/whole", `${node.path}/etc/shadow`);
  node.link("/root/log/relative", "../../etc/shadow");
  node.link("/root/log/climbing", "../../../../../../../../etc/shadow");
  node.link("/root/log/directory", "/etc");
  node.link("/root/log/up", "../..");
  node.link("/root/log/chain", "directory/../log/absolute");
  const container = node.container();
  assertReads(container, {
    "/log/absolute": "own",
    "/log/whole": undefined,
    "/log/relative": "own",
    "/log/climbing": "own",
    "/log/directory/shadow": "own",
    "/log/directory/../etc/shadow": "own",
    "/log/up/etc/shadow": "own",
    "/log/chain": "own",
  });
  assertEquals(container.tryNodePath("/log/chain"), "/root/etc/shadow");
});

Deno.test("links that go round in circles lead nowhere, 40 links in a row do not", () => {
  using node = new NodeDirectory();
  node.link("/root/a", "/b").link("/root/b", "a").link("/root/self", "self/deeper").link("/root/here", ".");
  node.link("/root/link1", "/etc/shadow");
  for (let index = 2; index <= 41; index++) node.link(`/root/link${index}`, `link${index - 1}`);
  const cases = { "/a": undefined, "/self": undefined, "/b/c": undefined, "/link40": "own", "/link41": undefined };
  assertReads(node.container(), { ...cases, "/here/here/etc/shadow": "own" });
});

Deno.test("links made to be slow are given up", () => {
  using node = new NodeDirectory();
  const round = "d/../".repeat(700);
  node.file("/root/d/x");
  for (let index = 0; index < 39; index++) node.link(`/root/link${index}`, `${round}link${index + 1}`);
  node.link("/root/link39", "/etc/shadow");
  let looks = 0;
  const counting = { ...files, tryLinkStat: (path: string) => (looks++, files.tryLinkStat(path)) };
  const container = node.container({}, ["/root"], counting);
  assertReads(container, { "/link0": undefined });
  assert(looks < 300, `${looks} looks`);
});

Deno.test("a name that is too long is not there", () => {
  using node = new NodeDirectory();
  node.link("/root/link", "x".repeat(300));
  assertReads(node.container(), { "/link": undefined, [`/${"y".repeat(300)}`]: undefined });
});

Deno.test("the longest mount decides, and only whole names count", () => {
  using node = new NodeDirectory();
  node.file("/volumes/a/x.log").file("/volumes/b/x.log").file("/volumes/b/sub/x.log").file("/volumes/a/inner/y.log");
  node.file("/root/data/hidden.log").file("/root/database/x.log").file("/root/data2/x.log");
  const container = node.container({ "/data/inner": "/volumes/b", "/data": "/volumes/a/", "/data2/": "/volumes/b" });
  assertReads(container, {
    "/data/x.log": "/volumes/a/x.log",
    "/data/inner/x.log": "/volumes/b/x.log",
    "/data/inner/sub/x.log": "/volumes/b/sub/x.log",
    "/data/inner/y.log": undefined,
    "/data/hidden.log": undefined,
    "/database/x.log": "/root/database/x.log",
    "/data2/x.log": "/volumes/b/x.log",
    "/data/inner/../x.log": "/volumes/a/x.log",
  });
  assertEquals(container.list("/data").sort(), ["inner", "x.log"]);
  assertEquals(container.tryNodePath("/data/inner/sub/x.log"), "/volumes/b/sub/x.log");
});

Deno.test("a mount may be a single file", () => {
  using node = new NodeDirectory();
  node.file("/volumes/one.log", "mounted").file("/root/var/log/app.log", "hidden").file("/root/var/log/b.log", "b");
  const container = node.container({ "/var/log/app.log": "/volumes/one.log" });
  assertReads(container, { "/var/log/app.log": "mounted", "/var/log/b.log": "b", "/var/log/app.log/x": undefined });
  assertEquals(container.tryNodePath("/var/log/app.log"), "/volumes/one.log");
  assertEquals(container.list("/var/log").sort(), ["app.log", "b.log"]);
});

Deno.test("links between mounts are followed, those of a volume end in the container", () => {
  using node = new NodeDirectory();
  node.file("/volumes/a/x.log").file("/volumes/config/..2026/file", "config");
  node.link("/volumes/config/..data", "..2026").link("/volumes/config/file", "..data/file");
  node.link("/volumes/a/out", "../../etc/shadow").link("/volumes/a/absolute", "/etc/shadow");
  node.link("/root/logs", "/data");
  const container = node.container({ "/data": "/volumes/a", "/config": "/volumes/config" });
  assertReads(container, {
    "/logs/x.log": "/volumes/a/x.log",
    "/config/file": "config",
    "/data/out": "own",
    "/data/absolute": "own",
  });
});

Deno.test("a mount is where the runtime has put it, below the links of the root", () => {
  using node = new NodeDirectory();
  node.file("/volumes/a/x.log").file("/root/run/other").link("/root/var/run", "/run");
  const container = node.container({ "/var/run/app": "/volumes/a" });
  assertReads(container, { "/var/run/app/x.log": "/volumes/a/x.log", "/run/app/x.log": "/volumes/a/x.log" });
  assertEquals(container.list("/run").sort(), ["app", "other"]);
});

Deno.test("the source of a mount is the node's own path", () => {
  using node = new NodeDirectory();
  node.file("/disk/pods/x.log").link("/var/lib/kubelet", "/disk");
  const container = node.container({
    "/data": "/var/lib/kubelet/pods",
    "/gone": "/none",
    "/odd": "pods",
    "/empty": "",
  });
  assertReads(container, {
    "/data/x.log": "/disk/pods/x.log",
    "/gone/x.log": undefined,
    "/odd/x.log": undefined,
    "/empty/etc/shadow": undefined,
  });
  assertEquals(container.tryNodePath("/data/x.log"), "/disk/pods/x.log");
});

Deno.test("where a link is put in the place of a mounted directory, nothing is there", () => {
  using node = new NodeDirectory();
  node.file("/volumes/a/x.log");
  const container = node.container({ "/data": "/volumes/a" });
  assertReads(container, { "/data/x.log": "/volumes/a/x.log" });
  Deno.renameSync(`${node.path}/volumes/a`, `${node.path}/volumes/b`);
  node.link("/volumes/a", `${node.path}/etc`);
  assertReads(container, { "/data/x.log": undefined, "/data/shadow": undefined });
});

Deno.test("nothing is below /proc, /sys and /dev, unless a directory of the node is mounted there", () => {
  using node = new NodeDirectory();
  for (const directory of ["proc", "sys", "dev"]) {
    node.file(`/root/${directory}/x`, "unreal").file(`/${directory}/x`, SECRET);
    node.link(`/root/log/${directory}`, `/${directory}/x`);
  }
  node.file("/volumes/shm/x.log", "shared").file("/var/log/x.log");
  const container = node.container({
    "/dev/shm": "/volumes/shm",
    "/node": "/",
    "/proc/sub": "/proc",
    "/device": "/dev",
    "/node-proc": "/var/../proc",
    "/sys/deep": "/sys/x",
  });
  assertReads(container, {
    "/proc/x": undefined,
    "/sys/x": undefined,
    "/dev/x": undefined,
    "/log/proc": undefined,
    "/log/dev": undefined,
    "/proc/sub/x": undefined,
    "/device/x": undefined,
    "/node-proc/x": undefined,
    "/sys/deep": undefined,
    "/node/proc/x": undefined,
    "/node/dev/x": undefined,
    "/node/var/log/x.log": "/var/log/x.log",
    "/dev/shm/x.log": "shared",
  });
});

Deno.test("a process's own view of the node is not reachable with the real root as host root", () => {
  const container = new ContainerFiles(
    makeContainer([{ source: "/", destination: "/node" }], ["/proc/self/root"]),
    "/",
    files,
  );
  for (const path of ["/node/proc/self/environ", "/node/proc/self/root/etc/passwd", "/node/dev/null", "/etc/passwd"]) {
    assertEquals(container.tryOpen(path), undefined, path);
  }
  assertReads(container, { "/node/etc/hostname": Deno.readTextFileSync("/etc/hostname") });
  assertEquals(container.tryNodePath("/node/etc"), "/etc");
  assertEquals(container.tryNodePath("/node"), "/");
});

Deno.test("the first root that is there counts; an empty one is not there", () => {
  using node = new NodeDirectory();
  Deno.mkdirSync(`${node.path}/unmounted`);
  node.file("/upper/x.log");
  assertReads(node.container({}, ["/none", "/unmounted", "/upper", "/root"]), {
    "/x.log": "/upper/x.log",
    "/etc/shadow": undefined,
  });
  assertEquals(node.container({}, ["/none", "/upper"]).tryRootProblem(), undefined);
});

Deno.test("why the root is not visible is told, and mounts are visible all the same", () => {
  using node = new NodeDirectory();
  Deno.mkdirSync(`${node.path}/unmounted`);
  node.file("/volumes/a/x.log").file("/volumes/b");
  const mounts = { "/data/deep/logs": "/volumes/a", "/data/one": "/volumes/b" };
  const container = node.container(mounts, ["/none", "/unmounted", "/proc/1/root", ""]);
  assertEquals(
    container.tryRootProblem(),
    "its root file system is not visible: /none is not there, /unmounted is empty, " +
      "/proc/1/root is not a directory that may be read,  is not a directory that may be read",
  );
  assertMatch(node.container({}, []).tryRootProblem() ?? "", /: the runtime does not say where it is$/);
  assertReads(container, {
    "/data/deep/logs/x.log": "/volumes/a/x.log",
    "/data/one": "/volumes/b",
    "/etc/shadow": undefined,
    "/data/deep": undefined,
  });
  assertEquals([container.list("/"), container.list("/data"), container.list("/data/deep")], [
    ["data"],
    ["one", "deep"],
    [
      "logs",
    ],
  ]);
  const [above, below] = ["/data", "/data/deep"].map((path) => container.tryStat(path));
  assertEquals([above?.kind, below?.kind, above?.inode === below?.inode], ["directory", "directory", false]);
  assertEquals(container.tryNodePath("/data"), undefined);
});

Deno.test("a root that is mounted later is found", () => {
  using node = new NodeDirectory();
  Deno.mkdirSync(`${node.path}/later`);
  node.file("/volumes/a/x.log");
  const container = node.container({ "/var/run/a": "/volumes/a" }, ["/later"]);
  assertReads(container, { "/etc/x": undefined, "/var/run/a/x.log": "/volumes/a/x.log" });
  node.file("/later/etc/x", "late").file("/later/run/y").link("/later/var/run", "/run");
  assertReads(container, {
    "/etc/x": "late",
    "/var/run/a/x.log": "/volumes/a/x.log",
    "/run/a/x.log": "/volumes/a/x.log",
  });
});

Deno.test("what a container has written is opened in its layer, before and after the root is unmounted", () => {
  using node = new NodeDirectory();
  node.file("/root/log/written", "line").file("/upper/log/written", "line").file("/root/log/shipped", "image");
  node.file("/root/log/odd", "line").link("/upper/log/odd", "/etc/shadow");
  const container = node.container({}, ["/root", "/upper"]);
  const paths = () => ["written", "shipped", "odd"].map((name) => container.tryNodePath(`/log/${name}`));
  assertEquals(paths(), ["/upper/log/written", "/root/log/shipped", "/root/log/odd"]);
  assertReads(container, { "/log/written": "line", "/log/odd": "line" });
  const { inode } = container.tryStat("/log/written")!;
  Deno.renameSync(`${node.path}/root`, `${node.path}/unmounted`);
  Deno.mkdirSync(`${node.path}/root`);
  assertEquals(paths(), ["/upper/log/written", undefined, undefined]);
  assertEquals([container.list("/log").sort(), container.tryStat("/log/written")?.inode], [["odd", "written"], inode]);
});

Deno.test("a root that must not be looked at is told with the reason", () => {
  using node = new NodeDirectory();
  const refusing = {
    ...files,
    list: () => {
      throw new Deno.errors.PermissionDenied("not for you");
    },
  };
  assertEquals(
    node.container({}, ["/root"], refusing).tryRootProblem(),
    "its root file system is not visible: /root cannot be looked at (not for you)",
  );
});
