import { assertEquals } from "@std/assert";
import * as z from "zod";
import { warningOf } from "../core/option_notes.ts";
import { fileEncoding, readerOptions, readerShape } from "./reader_options.ts";

const schema = z.object({ ...readerShape(), FileEncoding: fileEncoding() }).transform(readerOptions);
const shape = readerShape();
const faultOf = (given: object) => schema.safeParse(given).error?.issues.map(({ message }) => message)[0];

Deno.test("without options a file is read whole, as UTF-8, a line a record", () => {
  assertEquals(schema.parse({}), {
    encoding: "utf8",
    startBytesBeforeEndMax: undefined,
    flushTimeoutMs: 60_000,
    skipAboveBytes: 0,
    warnAboveBytes: 209_715_200,
    multiline: undefined,
    lineBytesMax: 524_288,
  });
});

Deno.test("FileEncoding is utf8, gbk or utf16, in any case", () => {
  for (const [given, used] of [["UTF8", "utf8"], ["gbk", "gbk"], ["Utf16", "utf16"]] as const) {
    assertEquals(schema.parse({ FileEncoding: given }).encoding, used);
  }
  assertEquals(faultOf({ FileEncoding: "latin1" }), 'must be utf8 or gbk or utf16, not "latin1"');
});

Deno.test("TailSizeKB begins a file near its end", () => {
  assertEquals(schema.parse({ TailSizeKB: "1024" }).startBytesBeforeEndMax, 1_048_576);
  assertEquals(schema.parse({ TailSizeKB: "0" }).startBytesBeforeEndMax, 0);
  assertEquals(faultOf({ TailSizeKB: "104857601" })?.includes("104857600"), true);
});

Deno.test("FlushTimeoutSecs ends a line without an end and a record of several lines", () => {
  assertEquals(schema.parse({ FlushTimeoutSecs: "5" }).flushTimeoutMs, 5000);
  assertEquals(schema.parse({ FlushTimeoutSecs: "0" }).flushTimeoutMs, 1000);
  assertEquals(warningOf(shape.FlushTimeoutSecs, "0"), "1 is used: the least that is allowed");
});

Deno.test("ReadDelaySkipThresholdBytes and ReadDelayAlertThresholdBytes limit the unread rest", () => {
  const options = schema.parse({ ReadDelaySkipThresholdBytes: "1000", ReadDelayAlertThresholdBytes: "500" });
  assertEquals([options.skipAboveBytes, options.warnAboveBytes], [1000, 500]);
});

Deno.test("Multiline joins lines", () => {
  assertEquals(schema.parse({ Multiline: { StartPattern: "^\\d" } }).multiline?.mode, "start");
});

Deno.test("CloseUnusedReaderIntervalSec and RotatorQueueSize are checked and change nothing", () => {
  for (const name of ["CloseUnusedReaderIntervalSec", "RotatorQueueSize"]) {
    assertEquals(schema.parse({ [name]: "10" }), schema.parse({}), name);
    assertEquals(faultOf({ [name]: "many" }), 'must be a whole number, 0 or more, not "many"');
  }
});
