import { processorCases } from "../../tests/support/processor_cases.ts";
import { ProcessorJson, processorJsonOptions } from "./processor_json.ts";

processorCases("processor_json", ProcessorJson, processorJsonOptions(), {
  defaults: { SourceKey: "c", KeepSource: "false" },
}, {
  "names: with the defaults a member a becomes the field _a": [{}, [["c", '{"a":1}']], [["_a", "1"]]],
  "names: Prefix, SourceKey, connector and members in this order": [
    { Prefix: "p.", UseSourceKeyAsPrefix: "true" },
    [["c", '{"a":{"b":1}}']],
    [["p.c_a_b", "1"]],
  ],
  "Prefix: begins every name": [{ Prefix: "p." }, [["c", '{"a":1,"b":2}']], [["p._a", "1"], ["p._b", "2"]]],
  "UseSourceKeyAsPrefix: the source's name stands before the first connector": [
    { UseSourceKeyAsPrefix: "true" },
    [["c", '{"a":1}']],
    [["c_a", "1"]],
  ],
  "IgnoreFirstConnector: drops the connector of the first level only": [
    { IgnoreFirstConnector: "true" },
    [["c", '{"a":{"b":1}}']],
    [["a_b", "1"]],
  ],
  "ExpandConnector: stands between all parts of a name": [{ ExpandConnector: "." }, [["c", '{"a":{"b":1}}']], [
    [".a.b", "1"],
  ]],
  "ExpandConnector: may be empty": [{ ExpandConnector: "" }, [["c", '{"a":{"b":1}}']], [["ab", "1"]]],
  "ExpandDepth 0, the default: objects are expanded without limit": [{}, [["c", '{"a":{"b":{"d":{"e":1}}}}']], [
    ["_a_b_d_e", "1"],
  ]],
  "ExpandDepth 1: objects of the first level stay text, blanks and all": [
    { ExpandDepth: "1" },
    [["c", '{"a":{ "b" : 1 },"d":2}']],
    [["_a", '{ "b" : 1 }'], ["_d", "2"]],
  ],
  "ExpandDepth 2: objects of the second level stay text": [{ ExpandDepth: "2" }, [["c", '{"a":{"b":{"d":1}}}']], [
    ["_a_b", '{"d":1}'],
  ]],
  "values: strings are unescaped": [{}, [["c", String.raw`{"a":"x\n\u00e9\"\/"}`]], [["_a", 'x\né"/']]],
  "values: numbers are as written": [{}, [["c", '{"a":1.0,"b":-0,"d":1E400,"e":12345678901234567890}']], [
    ["_a", "1.0"],
    ["_b", "-0"],
    ["_d", "1E400"],
    ["_e", "12345678901234567890"],
  ]],
  "values: true, false and null are as written": [{}, [["c", '{"a":true,"b":false,"d":null}']], [
    ["_a", "true"],
    ["_b", "false"],
    ["_d", "null"],
  ]],
  "values: an empty object gives no field": [{}, [["c", '{"a":{},"b":1}']], [["_b", "1"]]],
  "ExpandArray off, the default: an array stays text": [{}, [["c", '{"a":[1, {"b":2}]}']], [["_a", '[1, {"b":2}]']]],
  "ExpandArray on: an element becomes a field name[i]": [{ ExpandArray: "true" }, [["c", '{"a":[1,"x"]}']], [
    ["_a[0]", "1"],
    ["_a[1]", "x"],
  ]],
  "ExpandArray on: objects in an array are expanded": [{ ExpandArray: "true" }, [["c", '{"a":[{"b":1}]}']], [
    ["_a[0]_b", "1"],
  ]],
  "ExpandArray on: an array in an array stays text": [{ ExpandArray: "true" }, [["c", '{"a":[[1, 2]]}']], [
    ["_a[0]", "[1, 2]"],
  ]],
  "ExpandArray on: an empty array gives no field": [{ ExpandArray: "true" }, [["c", '{"a":[],"b":1}']], [["_b", "1"]]],
  "order: fields are appended at the end, as in the text, duplicates and all": [
    {},
    [["c", '{"z":1,"a":2,"z":3}'], ["k", "v"]],
    [["k", "v"], ["_z", "1"], ["_a", "2"], ["_z", "3"]],
  ],
  "errors: the fields before the fault remain": [{}, [["c", '{"a":1,"b":{"d":2,,']], [
    ["c", '{"a":1,"b":{"d":2,,'],
    ["_a", "1"],
    ["_b_d", "2"],
  ]],
  "errors: what is no object is broken": [{}, [["c", "[1]"]], [["c", "[1]"]]],
  "KeepSource on, the default: the source stays on success": [{ KeepSource: "true" }, [["c", '{"a":1}']], [
    ["c", '{"a":1}'],
    ["_a", "1"],
  ]],
  "KeepSource off: the source goes on success": [{}, [["c", '{"a":1}']], [["_a", "1"]]],
  "KeepSourceIfParseError on, the default: the source stays on failure": [{}, [["c", "{"]], [["c", "{"]]],
  "KeepSourceIfParseError off: the source goes on failure": [{ KeepSourceIfParseError: "false" }, [["c", "{"]], []],
  "SourceKey: only the first field of the name is parsed": [{}, [["c", '{"a":1}'], ["c", '{"b":2}']], [
    ["c", '{"b":2}'],
    ["_a", "1"],
  ]],
  "SourceKey: a record without it stays as it is": [{}, [["d", '{"a":1}']], [["d", '{"a":1}']]],
});
