import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { tryResolveHostPath } from "./paths.ts";

const files = makeDenoEnv("10.0.0.1").files;

/** A node's file system below a temporary directory. */
class HostRoot implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "sluice-paths-" });

  directory(path: string): this {
    Deno.mkdirSync(this.path + path, { recursive: true });
    return this;
  }

  link(path: string, target: string): this {
    Deno.symlinkSync(target, this.path + path);
    return this;
  }

  /** The path that is opened, without the root. */
  resolve(path: string, root = this.path): string | undefined {
    const resolved = tryResolveHostPath(root, path, files);
    if (resolved === undefined) return undefined;
    assertEquals(resolved.startsWith(`${this.path}/`), true, resolved);
    return resolved.slice(this.path.length);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("a path without links is opened below the host root, there or not", () => {
  using root = new HostRoot();
  root.directory("/var/log");
  const cases = [
    ["/var/log/a.log", "/var/log/a.log"],
    ["/none/of/this", "/none/of/this"],
    ["//var/./log//a.log", "/var/log/a.log"],
    ["/var/log/", "/var/log"],
  ];
  for (const [path, expected] of cases) assertEquals(root.resolve(path), expected);
  assertEquals(root.resolve("/var/log", `${root.path}//`), "/var/log");
});

Deno.test("an absolute link begins at the host root again, a relative one at its directory", () => {
  using root = new HostRoot();
  root.directory("/data/docker/c1").directory("/var/log/pods/x").directory("/var/lib");
  root.link("/var/lib/docker", "/data/docker");
  root.link("/var/log/pods/x/0.log", "/var/lib/docker/c1/c1-json.log");
  root.link("/var/log/pods/x/1.log", "../y/1.log");
  root.link("/var/log/pods/x/2.log", "0.log");
  assertEquals(root.resolve("/var/log/pods/x/0.log"), "/data/docker/c1/c1-json.log");
  assertEquals(root.resolve("/var/log/pods/x/1.log"), "/var/log/pods/y/1.log");
  assertEquals(root.resolve("/var/log/pods/x/2.log"), "/data/docker/c1/c1-json.log");
  assertEquals(root.resolve("/var/lib/docker/c1/../c2"), "/data/docker/c2");
});

Deno.test("neither a path nor a link climbs out of the host root", () => {
  using root = new HostRoot();
  root.directory("/var/log");
  root.link("/var/log/out", "../../../../../../etc/passwd");
  root.link("/var/log/up", "/../../etc");
  for (const path of ["/../../etc/passwd", "/var/../../etc/passwd", "/var/log/out", "/var/log/up/passwd"]) {
    assertEquals(root.resolve(path), "/etc/passwd", path);
  }
});

Deno.test("links that go round in circles lead nowhere, a long chain of links does not", () => {
  using root = new HostRoot();
  root.link("/a", "/b").link("/b", "a").link("/self", "self/deeper");
  for (const path of ["/a", "/b/c", "/self"]) assertEquals(root.resolve(path), undefined);
  root.link("/chain0", "/end");
  for (let index = 1; index < 40; index++) root.link(`/chain${index}`, `/chain${index - 1}`);
  assertEquals(root.resolve("/chain39"), "/end");
});

Deno.test("the agent's own file system is used as it is when the host root is /", () => {
  assertEquals(tryResolveHostPath("/", "/none/of/../this", files), "/none/this");
});
