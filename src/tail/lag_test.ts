import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { TailedScene } from "../../tests/support/tailed_scene.ts";
import type { LagLimits } from "../core/input.ts";
import { skipOrWarn } from "./lag.ts";
import { OpenedFile } from "./opened_file.ts";

const MEBIBYTE = 1024 * 1024;
/** Three mebibytes in lines of 64 bytes. */
const TEXT = `${"x".repeat(63)}\n`.repeat(3 * MEBIBYTE / 64);

/** Where reading goes on in a file of three mebibytes, read up to `offset`, and what was said. */
function tryLimits(limits: LagLimits, offset = 0): { readonly offset: number; readonly lines: readonly string[] } {
  using scene = new TailedScene();
  scene.append(TEXT);
  const file = new OpenedFile(new ClockEnv().files.tryOpen(scene.path)!, offset);
  const log = new RecordingLog();
  skipOrWarn(file, limits, "/l", log);
  file.close();
  return { offset: file.offset, lines: log.lines };
}

Deno.test("reading that keeps up is left alone", () => {
  const limits = { skipAboveBytes: 2 * MEBIBYTE, warnAboveBytes: 2 * MEBIBYTE };
  assertEquals(tryLimits(limits, MEBIBYTE), { offset: MEBIBYTE, lines: [] });
});

Deno.test("reading that is far behind is told, throttled by file", () => {
  const { offset, lines } = tryLimits({ skipAboveBytes: 0, warnAboveBytes: 2 * MEBIBYTE }, 64);
  assertEquals([offset, lines.length], [64, 1]);
  assertEquals(lines[0].startsWith("throttled lag /l: Reading of /l is 3.0 MiB behind its end"), true);
});

Deno.test("reading that is too far behind goes on at a line near the end, and says what was skipped", () => {
  const { offset, lines } = tryLimits({ skipAboveBytes: 2 * MEBIBYTE, warnAboveBytes: 1 }, 32);
  assertEquals([offset, lines.length], [2 * MEBIBYTE, 1]);
  assertEquals(lines[0].includes(`skipped ${2 * MEBIBYTE - 32} bytes`), true);
});

Deno.test("nothing is skipped for less than the tail that would be read after it", () => {
  const limits = { skipAboveBytes: 10, warnAboveBytes: 3 * MEBIBYTE };
  assertEquals(tryLimits(limits, 2 * MEBIBYTE), { offset: 2 * MEBIBYTE, lines: [] });
});
