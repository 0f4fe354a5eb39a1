import { assertEquals } from "@std/assert";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { processorCases } from "../../tests/support/processor_cases.ts";
import {
  ProcessorFieldsWithCondition,
  processorFieldsWithConditionOptions,
} from "./processor_fields_with_condition.ts";

const ADD = { type: "processor_add_fields", Fields: { x: "1" } };

/** Options with one case. */
function when(given: object, ...actions: object[]): object {
  return { Switch: [{ Case: given, Actions: actions }] };
}

const NAME = "processor_fields_with_condition";
processorCases(NAME, ProcessorFieldsWithCondition, processorFieldsWithConditionOptions(), {}, {
  "FieldConditions: equals is the default relation": [when({ FieldConditions: { a: "1" } }, ADD), [["a", "1"]], [
    ["a", "1"],
    ["x", "1"],
  ]],
  "FieldConditions: another value is another case": [when({ FieldConditions: { a: "1" } }, ADD), [["a", "12"]], [
    ["a", "12"],
  ]],
  "RelationOperator regexp: a match anywhere": [
    when({ RelationOperator: "regexp", FieldConditions: { a: "^1.$" } }, ADD),
    [["a", "12"]],
    [["a", "12"], ["x", "1"]],
  ],
  "RelationOperator contains": [
    when({ RelationOperator: "contains", FieldConditions: { a: "b.c" } }, ADD),
    [["a", "ab.cd"]],
    [["a", "ab.cd"], ["x", "1"]],
  ],
  "RelationOperator startwith": [
    when({ RelationOperator: "startwith", FieldConditions: { a: "b" } }, ADD),
    [["a", "ab"]],
    [["a", "ab"]],
  ],
  "LogicalOperator and, the default: every field": [
    when({ FieldConditions: { a: "1", b: "2" } }, ADD),
    [["a", "1"], ["b", "3"]],
    [["a", "1"], ["b", "3"]],
  ],
  "LogicalOperator or: one field": [
    when({ LogicalOperator: "or", FieldConditions: { a: "1", b: "2" } }, ADD),
    [["a", "1"]],
    [["a", "1"], ["x", "1"]],
  ],
  "FieldConditions: none at all is met by every record": [when({ FieldConditions: {} }, ADD), [], [["x", "1"]]],
  "Actions: are done in turn": [
    when({ FieldConditions: { a: "1" } }, ADD, { type: "processor_drop", DropKeys: ["a", "x"] }),
    [["a", "1"], ["b", "2"]],
    [["b", "2"]],
  ],
  "IgnoreIfExist: an existing field stays alone": [
    when({ FieldConditions: { a: "1" } }, { ...ADD, Fields: { a: "2", b: "3" }, IgnoreIfExist: "true" }),
    [["a", "1"]],
    [["a", "1"], ["b", "3"]],
  ],
  "Switch: the first case that is met counts": [
    {
      Switch: [
        { Case: { FieldConditions: { a: "0" } }, Actions: [{ ...ADD, Fields: { n: "0" } }] },
        { Case: { FieldConditions: { a: "1" } }, Actions: [{ ...ADD, Fields: { n: "1" } }] },
        { Case: { FieldConditions: { a: "1" } }, Actions: [{ ...ADD, Fields: { n: "2" } }] },
      ],
    },
    [["a", "1"]],
    [["a", "1"], ["n", "1"]],
  ],
  "names match in any case": [
    { Switch: [{ case: { fieldconditions: { a: "1" } }, actions: [{ Type: "processor_drop", dropkeys: ["a"] }] }] },
    [["a", "1"], ["b", "2"]],
    [["b", "2"]],
  ],
});

Deno.test("DropIfNotMatchCondition: a record that meets no case is dropped, and counted", () => {
  const given = { ...when({ FieldConditions: { a: "1" } }), DropIfNotMatchCondition: "true" };
  const trial = new ProcessorTrial(ProcessorFieldsWithCondition, processorFieldsWithConditionOptions(), given);
  assertEquals(trial.run([["a", "1"]], [["a", "2"]], []), [[["a", "1"]]]);
  assertEquals(trial.processor.counts, { processed: 3, missing: 0, failed: 0, dropped: 2 });
});

Deno.test("options that cannot be are refused, all at once", () => {
  const Switch = [
    { Case: { RelationOperator: "regexp", FieldConditions: { a: "(" } } },
    { Case: { LogicOperator: "or", FieldConditions: {} } },
    { Case: { RelationOperator: "like" }, Actions: [{ type: "processor_rename" }] },
  ];
  assertEquals(refusals(processorFieldsWithConditionOptions(), { Switch }), [
    "Switch.0.Case.FieldConditions.a: not a usable regular expression: Unterminated group",
    "Switch.1.Case: unknown option LogicOperator",
    'Switch.2.Case.RelationOperator: must be equals or regexp or contains or startwith, not "like"',
    "Switch.2.Case.FieldConditions: missing: must be a map of names and texts",
    'Switch.2.Actions.0.type: must be processor_add_fields or processor_drop, not "processor_rename"',
  ]);
  assertEquals(refusals(processorFieldsWithConditionOptions(), {}), ["Switch: missing: must be a list of cases"]);
  assertEquals(refusals(processorFieldsWithConditionOptions(), { Switch: [] }), [
    "Switch: must be a list of cases, at least one",
  ]);
});
