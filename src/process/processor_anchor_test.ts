import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorAnchor, processorAnchorOptions } from "./processor_anchor.ts";

/** Options with one anchor. */
function anchor(given: object): object {
  return { Anchors: [{ Start: "<", Stop: ">", FieldName: "f", ...given }] };
}

const JSON_TEXT = String.raw`<{"a":"x\n","b":{ "d":1 }}>`;

processorCases("processor_anchor", ProcessorAnchor, processorAnchorOptions(), { defaults: { SourceKey: "c" } }, {
  "Start and Stop: what is between becomes the field": [anchor({}), [["c", "a<b>c>"]], [["f", "b"]]],
  "Start: empty stands for the beginning": [anchor({ Start: "" }), [["c", "a<b>c"]], [["f", "a<b"]]],
  "Stop: empty stands for the end": [anchor({ Stop: "" }), [["c", "a<b>c"]], [["f", "b>c"]]],
  "Start: one that is not there gives no field": [anchor({}), [["c", "ab>c"]], []],
  "Stop: one that does not follow gives no field": [anchor({}), [["c", ">a<b"]], []],
  "Anchors: each looks at the whole value": [
    {
      Anchors: [{ Start: "time:", Stop: " ", FieldName: "time" }, { Start: "level:", Stop: " ", FieldName: "level" }],
    },
    [["c", "level:info time:12 x"]],
    [["time", "12"], ["level", "info"]],
  ],
  "KeepSource: the source stays": [{ ...anchor({}), KeepSource: "true" }, [["c", "<b>"]], [["c", "<b>"], ["f", "b"]]],
  "SourceKey: empty stands for the first field": [{ ...anchor({}), SourceKey: "" }, [["any", "<b>"], ["c", "<d>"]], [
    ["c", "<d>"],
    ["f", "b"],
  ]],
  "FieldType json: members become fields, one level deep, as they are written": [
    anchor({ FieldType: "json" }),
    [["c", JSON_TEXT]],
    [["f_a", "x\\n"], ["f_b", '{ "d":1 }']],
  ],
  "ExpondJSON: objects are expanded and strings unescaped": [
    anchor({ FieldType: "json", ExpondJSON: "true" }),
    [["c", JSON_TEXT]],
    [["f_a", "x\n"], ["f_b_d", "1"]],
  ],
  "ExpondConnecter: stands between the parts of a name": [
    anchor({ FieldType: "json", ExpondJSON: "true", ExpondConnecter: "." }),
    [["c", JSON_TEXT]],
    [["f.a", "x\n"], ["f.b.d", "1"]],
  ],
  "MaxExpondDepth 1: nothing is expanded": [
    anchor({ FieldType: "json", ExpondJSON: "true", MaxExpondDepth: "1" }),
    [["c", JSON_TEXT]],
    [["f_a", "x\\n"], ["f_b", '{ "d":1 }']],
  ],
  "MaxExpondDepth 2: objects of the second level stay text": [
    anchor({ FieldType: "json", ExpondJSON: "true", MaxExpondDepth: "2" }),
    [["c", '<{"a":{"b":{"d":1}}}>']],
    [["f_a_b", '{"d":1}']],
  ],
  "FieldType json: the fields before a fault remain": [anchor({ FieldType: "json" }), [["c", '<{"a":1,b>']], [
    ["f_a", "1"],
  ]],
});

Deno.test("what is wrong is counted, and told where the options ask for it", () => {
  const run = (more: object, json: object) => {
    const given = { ...anchor(json), SourceKey: "c", ...more };
    const trial = new ProcessorTrial(ProcessorAnchor, processorAnchorOptions(), given);
    trial.run([["d", "1"]], [["c", "no"]], [["c", "<no>"]]);
    return [trial.processor.counts, trial.log.lines.length];
  };
  const counts = { processed: 3, missing: 1, failed: 1, dropped: 0 };
  assertEquals(run({}, {}), [counts, 0]);
  assertEquals(run({ NoKeyError: "true" }, {}), [counts, 1]);
  assertEquals(run({ NoAnchorError: "true" }, {}), [counts, 1]);
  assertEquals(run({}, { FieldType: "json" }), [{ ...counts, failed: 2 }, 1]);
  assertEquals(run({}, { FieldType: "json", IgnoreJSONError: "true" }), [{ ...counts, failed: 2 }, 0]);
});

Deno.test("options that cannot be are refused, all at once", () => {
  assertEquals(refusals(processorAnchorOptions(), {}), ["Anchors: missing: must be a list of anchors"]);
  assertEquals(refusals(processorAnchorOptions(), { Anchors: [{ ExpandJSON: "true", FieldType: "xml" }, "a"] }), [
    "Anchors.0.FieldName: missing: must be text",
    'Anchors.0.FieldType: must be string or json, not "xml"',
    "Anchors.0: unknown option ExpandJSON",
    'Anchors.1: must be a map of options, not "a"',
  ]);
});
