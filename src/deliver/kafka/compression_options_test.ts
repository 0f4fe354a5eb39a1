import { assertEquals } from "@std/assert";
import * as z from "zod";
import { whenGood } from "../../core/options.ts";
import { checkCompressionLevel, compression, compressionLevel, levelOf } from "./compression_options.ts";

const schema = z.object({ Compression: compression(), CompressionLevel: compressionLevel() })
  .superRefine(checkCompressionLevel, whenGood("Compression", "CompressionLevel"));

Deno.test("without a word nothing is compressed", () => {
  assertEquals(schema.parse({}).Compression, "none");
});

Deno.test("codecs are known in any case", () => {
  for (const given of ["none", "gzip", "snappy", "lz4", "zstd", "None", "GZIP", "Snappy", "LZ4", "ZStd"]) {
    assertEquals<string>(schema.parse({ Compression: given }).Compression, given.toLowerCase());
  }
});

Deno.test("a level must be one that the codec has", () => {
  const cases: readonly [Compression: string, CompressionLevel: string, problem: string | undefined][] = [
    ["gzip", "0", undefined],
    ["gzip", "9", undefined],
    ["gzip", "10", "must be from 0 to 9 for gzip, not 10"],
    ["gzip", "-1", "must be from 0 to 9 for gzip, not -1"],
    ["zstd", "1", undefined],
    ["zstd", "22", undefined],
    ["zstd", "0", "must be from 1 to 22 for zstd, not 0"],
    ["zstd", "23", "must be from 1 to 22 for zstd, not 23"],
    ["lz4", "99", undefined],
    ["snappy", "-5", undefined],
    ["none", "99", undefined],
    ["gzip", "fast", 'must be a whole number, not "fast"'],
    ["brotli", "4", 'must be none or gzip or snappy or lz4 or zstd, not "brotli"'],
  ];
  for (const [Compression, CompressionLevel, problem] of cases) {
    const { error } = schema.safeParse({ Compression, CompressionLevel });
    assertEquals(error?.issues.map(({ message }) => message), problem === undefined ? undefined : [problem]);
  }
});

Deno.test("without a level every codec is at its quickest that makes logs smaller", () => {
  assertEquals((["gzip", "zstd", "snappy", "lz4"] as const).map((codec) => levelOf(codec, undefined)), [1, 1, 1, 0]);
  assertEquals((["gzip", "zstd", "lz4"] as const).map((codec) => levelOf(codec, 4)), [4, 4, 4]);
});
