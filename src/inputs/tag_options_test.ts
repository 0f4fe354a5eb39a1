import { assertEquals } from "@std/assert";
import * as z from "zod";
import { TAG_NAMES } from "./container_tags.ts";
import { containerTagSection, fileTagNames, fileTagShape, NO_TAG_OPTIONS } from "./tag_options.ts";

const parse = (given: object) => z.object(fileTagShape()).transform(fileTagNames).parse(given);
const USUAL = { ...TAG_NAMES, path: "__path__", inode: undefined, offsetField: undefined };

Deno.test("without options tags have their usual names", () => {
  assertEquals(parse({}), USUAL);
  assertEquals(parse({ Tags: { FilePathTagKey: "__default__", K8sPodUidTagKey: "__default__" } }), USUAL);
  assertEquals(fileTagNames(NO_TAG_OPTIONS), USUAL);
  assertEquals(containerTagSection().parse({}), TAG_NAMES);
});

Deno.test("Tags gives tags other names, and none for an empty one", () => {
  const pairs = [
    ["K8sNamespaceTagKey", "namespace"],
    ["K8sPodNameTagKey", "pod"],
    ["K8sPodUidTagKey", "podUid"],
    ["ContainerNameTagKey", "container"],
    ["ContainerIpTagKey", "ip"],
    ["ContainerImageNameTagKey", "image"],
    ["ContainerImageTagKey", "image"],
  ] as const;
  for (const [key, property] of pairs) {
    for (const name of ["other", ""]) {
      assertEquals(parse({ Tags: { [key]: name } }), { ...USUAL, [property]: name }, key);
      assertEquals(containerTagSection().parse({ [key]: name }), { ...TAG_NAMES, [property]: name }, key);
    }
  }
  assertEquals(parse({ Tags: { FilePathTagKey: "file" } }), { ...USUAL, path: "file" });
});

Deno.test("AppendingLogPositionMeta adds inode and offset under their usual names", () => {
  const both = { ...USUAL, inode: "__inode__", offsetField: "__tag__:__file_offset__" };
  assertEquals(parse({ AppendingLogPositionMeta: "true" }), both);
});

Deno.test("FileOffsetKey and FileInodeTagKey name one place each, and AppendingLogPositionMeta then counts no more", () => {
  assertEquals(parse({ FileOffsetKey: "offset" }), { ...USUAL, offsetField: "offset" });
  assertEquals(parse({ FileOffsetKey: "" }), USUAL);
  const given = { AppendingLogPositionMeta: "true", Tags: { FileInodeTagKey: "__default__" } };
  assertEquals(parse(given), { ...USUAL, inode: "__inode__" });
  assertEquals(parse({ ...given, FileOffsetKey: "__default__" }), {
    ...USUAL,
    inode: "__inode__",
    offsetField: "__tag__:__file_offset__",
  });
});

Deno.test("the output of containers has no place in a file to name", () => {
  const reason = "not supported: records of a container's output do not tell their place in a file";
  for (const key of ["FilePathTagKey", "FileInodeTagKey"]) {
    assertEquals(containerTagSection().safeParse({ [key]: "x" }).error?.issues[0].message, reason, key);
    assertEquals(containerTagSection().safeParse({ [key]: "" }).success, true, key);
  }
});
