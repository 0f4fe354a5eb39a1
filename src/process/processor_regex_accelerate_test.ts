import { assertEquals } from "@std/assert";
import { ProcessorTrial, recordOf, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorRegexAccelerate, processorRegexAccelerateOptions } from "./processor_regex_accelerate.ts";

const NOW_MS = Date.parse("2022-07-13T16:00:00Z");
const SETTING = { defaults: { Regex: "(\\S+) (\\w+)", Keys: ["time", "level"] }, nowMs: NOW_MS, showsTime: true };

processorCases("processor_regex_accelerate", ProcessorRegexAccelerate, processorRegexAccelerateOptions(), SETTING, {
  "Regex and Keys: the groups of a match of the whole value": [{}, [["content", "1 info"]], [["Time", "1"], [
    "time",
    "1",
  ], ["level", "info"]]],
  "Regex (.*) and Keys content, the defaults: the record is unchanged": [
    { Regex: "(.*)", Keys: ["content"] },
    [["content", "a\nb"]],
    [["Time", "1"], ["content", "a\nb"]],
  ],
  "DiscardUnmatch on, the default: a broken record is dropped, whatever is left of it": [{}, [["content", "?"], [
    "k",
    "v",
  ]]],
  "DiscardUnmatch off: a broken record's source is __raw_log__": [{ DiscardUnmatch: "false" }, [["content", "?"]], [
    ["Time", "1"],
    ["__raw_log__", "?"],
  ]],
  "EnableRawLog: the source stays as __raw__": [{ EnableRawLog: "true" }, [["content", "1 info"]], [
    ["Time", "1"],
    ["time", "1"],
    ["level", "info"],
    ["__raw__", "1 info"],
  ]],
  "RawLogTag: names it": [{ EnableRawLog: "true", RawLogTag: "raw" }, [["content", "1 info"]], [
    ["Time", "1"],
    ["time", "1"],
    ["level", "info"],
    ["raw", "1 info"],
  ]],
  "EnableRawLog and DiscardUnmatch off: a broken record has both": [
    { EnableRawLog: "true", DiscardUnmatch: "false" },
    [["content", "?"]],
    [["Time", "1"], ["__raw__", "?"], ["__raw_log__", "?"]],
  ],
  "TimeFormat: the field time is the record's time": [
    { TimeFormat: "%FT%T", AdjustTimezone: "true", LogTimezone: "GMT+08:00" },
    [["content", "2022-07-13T23:45:54 info"]],
    [["Time", "1657727154"], ["time", "2022-07-13T23:45:54"], ["level", "info"]],
  ],
  "TimeFormat: a record of more than 12 hours ago is dropped": [
    { TimeFormat: "%FT%T", AdjustTimezone: "true", LogTimezone: "GMT+00:00" },
    [["content", "2022-07-12T23:45:54 info"]],
  ],
  "FilterKey and FilterRegex: fields must match as a whole": [
    { FilterKey: ["level"], FilterRegex: ["info|warn"] },
    [["content", "1 warn"]],
    [["Time", "1"], ["time", "1"], ["level", "warn"]],
  ],
  "FilterKey and FilterRegex: other records are dropped": [
    { FilterKey: ["level"], FilterRegex: ["info"] },
    [["content", "1 information"]],
  ],
});

Deno.test("without Regex and Keys the whole line stays content", () => {
  const trial = new ProcessorTrial(ProcessorRegexAccelerate, processorRegexAccelerateOptions(), {});
  assertEquals(trial.run([["content", "x"]]), [[["content", "x"]]]);
});

Deno.test("counts are those of all three together, and lines name the processor", () => {
  const given = { ...SETTING.defaults, TimeFormat: "%s", FilterKey: "level", FilterRegex: "info" };
  const trial = new ProcessorTrial(ProcessorRegexAccelerate, processorRegexAccelerateOptions(), given);
  const records = ["?", "x info", "1657727154 debug"].map((value) => recordOf([["content", value]]));
  assertEquals(trial.runRecords(...records, recordOf([["k", "v"]])).length, 1);
  assertEquals(trial.processor.counts, { processed: 4, missing: 2, failed: 2, dropped: 3 });
  assertEquals(trial.log.lines[0].split(":")[0], "throttled processor_regex_accelerate a value does not match Regex");
});

Deno.test("options that cannot be are refused, all at once", () => {
  const given = {
    Regex: "(",
    LogBeginRegex: "\\d.*",
    LogEndRegex: ".*",
    FilterKey: ["a"],
    TimeFormat: "%Q",
    LogTimezone: "CST",
    EnablePreciseTimestamp: "true",
    SensitiveKeys: [{ key: "a" }],
  };
  assertEquals(refusals(processorRegexAccelerateOptions(), given), [
    "LogBeginRegex: lines are put together by the input: use input_file with Multiline",
    "TimeFormat: has an unknown % directive",
    'LogTimezone: must be a time zone such as GMT+08:00, not "CST"',
    "EnablePreciseTimestamp: not supported yet",
    "SensitiveKeys: not supported here: use processor_desensitize_native behind this one",
    "Regex: not a usable regular expression: Unterminated group",
    "FilterRegex: must have as many patterns as FilterKey has names: 1, not 0",
  ]);
});
