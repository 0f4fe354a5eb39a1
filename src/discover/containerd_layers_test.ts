import { assertEquals } from "@std/assert";
import { tryReadUpperDirectory } from "./containerd_layers.ts";

Deno.test("the writable layer is an overlay's upper directory, or what is bound where an image has no layers", () => {
  const overlay = (...options: string[]) => ({ type: "overlay", source: "overlay", options });
  const lower = "lowerdir=/snapshots/2/fs:/snapshots/1/fs";
  assertEquals(
    tryReadUpperDirectory([overlay("index=off", "workdir=/snapshots/3/work", "upperdir=/snapshots/3/fs", lower)]),
    "/snapshots/3/fs",
  );
  assertEquals(
    tryReadUpperDirectory([{ type: "bind", source: "/snapshots/1/fs", options: ["rw", "rbind"] }]),
    "/snapshots/1/fs",
  );
  assertEquals(tryReadUpperDirectory([overlay(lower)]), undefined);
  assertEquals(tryReadUpperDirectory([{ type: "zfs", source: "pool/3", options: [] }]), undefined);
  assertEquals(tryReadUpperDirectory([]), undefined);
});
