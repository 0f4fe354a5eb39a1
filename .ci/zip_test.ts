import { assertEquals, assertThrows } from "@std/assert";
import { deflateRawSync } from "node:zlib";
import { extractMember } from "./zip.ts";

interface Member {
  readonly name: string;
  readonly method: number;
  readonly packed: Uint8Array;
}

/** Writes a ZIP archive by the format's description, with a comment behind it, as some tools do. */
function archiveOf(members: readonly Member[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, method, packed } of members) {
    const local = header(30, 0x04034b50, name, [[8, method], [26, name.length]], [[18, packed.length]]);
    directory.push(
      header(46, 0x02014b50, name, [[10, method], [28, name.length]], [[20, packed.length], [42, offset]]),
    );
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  const end = header(22, 0x06054b50, "a comment", [[10, members.length], [20, 9]], [[16, offset]]);
  return new Uint8Array([...parts, ...directory, end].flatMap((part) => [...part]));
}

function header(size: number, magic: number, text: string, shorts: number[][], longs: number[][]): Uint8Array {
  const bytes = new Uint8Array(size + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  for (const [at, value] of shorts) view.setUint16(at, value, true);
  for (const [at, value] of longs) view.setUint32(at, value, true);
  bytes.set(new TextEncoder().encode(text), size);
  return bytes;
}

const text = new TextEncoder().encode("the same line again, the same line again");
const archive = archiveOf([
  { name: "stored.txt", method: 0, packed: text },
  { name: "deflated.txt", method: 8, packed: deflateRawSync(text) },
  { name: "strange.txt", method: 99, packed: text },
]);

Deno.test("extractMember() takes out stored and deflated members", () => {
  assertEquals(extractMember(archive, "stored.txt"), text);
  assertEquals(new Uint8Array(extractMember(archive, "deflated.txt")), text);
});

Deno.test("extractMember() names what it cannot find or unpack", () => {
  assertThrows(() => extractMember(archive, "none.txt"), Error, '"none.txt"');
  assertThrows(() => extractMember(archive, "strange.txt"), Error, "packing method 99");
  assertThrows(() => extractMember(text, "stored.txt"), Error, "no ZIP file");
});
