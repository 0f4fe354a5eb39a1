import { assertEquals } from "@std/assert";
import { decodeAll, rowsOf } from "../../tests/support/decoding.ts";
import { noCounts, testInputContext, WEB } from "../../tests/support/inputs.ts";
import { testKernel } from "../../tests/support/kernel.ts";
import { InputContainerStdio } from "./input_container_stdio.ts";
import { inputContainerStdioOptions } from "./input_container_stdio_options.ts";

const T1 = "2022-07-13T15:45:54.000000001Z";
const T2 = "2022-07-13T15:45:55.000000001Z";

function makeInput(given: object, context = testInputContext()): InputContainerStdio {
  return new InputContainerStdio(inputContainerStdioOptions().parse(given), context);
}

/** The contents of the records of a whole log. */
function contentsOf(given: object, log: string | Uint8Array, context = testInputContext()): string[] {
  const kernel = testKernel();
  const input = makeInput(given, context);
  const decoder = input.decoder(kernel, input.sources(WEB)[0], noCounts());
  const bytes = typeof log === "string" ? new TextEncoder().encode(log) : log;
  const rows = decodeAll(kernel, decoder, bytes, () => 1000);
  rows.push(...rowsOf(kernel, decoder.flush(bytes.length, "ended")));
  return rows.map(({ content, time, stream }) => `${stream} ${time.slice(17, 19)} ${content}`);
}

Deno.test("IgnoringStdout and IgnoringStderr leave one stream", () => {
  const log = `${T1} stdout F out\n${T1} stderr F err\n`;
  assertEquals(contentsOf({}, log), ["stdout 54 out", "stderr 54 err"]);
  assertEquals(contentsOf({ IgnoringStdout: "true" }, log), ["stderr 54 err"]);
  assertEquals(contentsOf({ IgnoringStderr: "true" }, log), ["stdout 54 out"]);
});

Deno.test("lines that are joined have the time of the first", () => {
  const log = `${T1} stdout P par\n${T2} stdout F tial\n`;
  assertEquals(contentsOf({}, log), ["stdout 54 partial"]);
});

Deno.test("Multiline joins lines of each stream", () => {
  const given = { Multiline: { StartPattern: "\\d+ .*" } };
  const log = `${T1} stdout F 1 a\n${T1} stderr F 2 b\n${T2} stdout F x\n${T2} stderr F y\n`;
  assertEquals(contentsOf(given, log), ["stdout 54 1 a\nx", "stderr 54 2 b\ny"]);
});

Deno.test("FileEncoding gbk: contents arrive in UTF-8", () => {
  const head = new TextEncoder().encode(`${T1} stdout F `);
  const log = Uint8Array.from([...head, 0xd6, 0xd0, 0xce, 0xc4, 0x0a]);
  assertEquals(contentsOf({ FileEncoding: "gbk" }, log), ["stdout 54 中文"]);
});

Deno.test("KeepingSourceWhenParseFail: lines of no known form are kept whole, or dropped", () => {
  const log = `no head\n${T1} stdout F a\n{"log":"broken\n`;
  assertEquals(contentsOf({}, log), ["  no head", "stdout 54 a", '  {"log":"broken']);
  assertEquals(contentsOf({ KeepingSourceWhenParseFail: "false" }, log), ["stdout 54 a"]);
});

Deno.test("IgnoreParseWarning: lines of no known form are warned of, or not", () => {
  for (const [given, warnings] of [[{}, 1], [{ IgnoreParseWarning: "true" }, 0]] as const) {
    const context = testInputContext();
    contentsOf(given, "no head\n", context);
    assertEquals(context.log.lines.length, warnings);
  }
});

Deno.test("TailSizeKB is how much of an old log is read; without it everything is", () => {
  assertEquals(makeInput({}).sources(WEB)[0].start, "first");
  assertEquals(makeInput({ TailSizeKB: "2" }).sources(WEB)[0].start, 2048);
});

Deno.test("FlushTimeoutSecs is how long a record waits for its rest, and a line for its end", () => {
  assertEquals(makeInput({}).idleFlush, { afterMs: 60_000, incompleteLines: true });
  assertEquals(makeInput({ FlushTimeoutSecs: "5" }).idleFlush, { afterMs: 5000, incompleteLines: true });
});

Deno.test("AllowingIncludedByMultiConfigs: a container is for one pipeline alone, or for all", () => {
  assertEquals(makeInput({}).exclusive, { baseDepth: 0 });
  assertEquals(makeInput({ AllowingIncludedByMultiConfigs: "true" }).exclusive, undefined);
});

Deno.test("ReadDelaySkipThresholdBytes and ReadDelayAlertThresholdBytes limit how far reading may be behind", () => {
  const given = { ReadDelaySkipThresholdBytes: "1000", ReadDelayAlertThresholdBytes: "500" };
  const { skipAboveBytes, warnAboveBytes } = makeInput(given).lag;
  assertEquals({ skipAboveBytes, warnAboveBytes }, { skipAboveBytes: 1000, warnAboveBytes: 500 });
});

Deno.test("ContainerFilters choose containers, and Tags names their tags", () => {
  const input = makeInput({
    ContainerFilters: { IncludeK8sLabel: { app: "^w" } },
    ExternalK8sLabelTag: { app: "_app_", none: "_none_" },
    Tags: { K8sPodNameTagKey: "pod", K8sPodUidTagKey: "" },
  });
  assertEquals(input.decide(WEB).matches, true);
  assertEquals(input.decide({ ...WEB, pod: { ...WEB.pod!, labels: { app: "api" } } }).matches, false);
  assertEquals(input.sources(WEB)[0].tags, [
    ["_image_name_", "nginx"],
    ["_container_name_", "nginx"],
    ["pod", "web-1"],
    ["_namespace_", "default"],
    ["_app_", "web"],
  ]);
});

Deno.test("contents of Docker's log stay JSON text where that is taken, unless they have another encoding", () => {
  const log = new TextEncoder().encode(`{"log":"\\"a\\"\\n","stream":"stdout","time":"${T1}"}\n`);
  const contents = [{}, { FileEncoding: "gbk" }].map((given) => {
    const kernel = testKernel();
    const input = makeInput(given);
    const decoder = input.decoder(kernel, input.sources(WEB)[0], noCounts(), true);
    return decodeAll(kernel, decoder, log, () => 1000)[0].content;
  });
  assertEquals(contents, ['\\"a\\"', '"a"']);
});
