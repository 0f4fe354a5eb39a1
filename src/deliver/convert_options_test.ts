import { assertEquals } from "@std/assert";
import * as z from "zod";
import { warningOf } from "../core/option_notes.ts";
import { convert, CONVERT_DEFAULT, type FormName } from "./convert_options.ts";

/** A flusher's options, of which the one is looked at. */
const SCHEMA = z.object({ Convert: convert() });

function parse(given: unknown) {
  return SCHEMA.parse({ Convert: given }).Convert;
}

/** The problems, as `path: message`. */
function problems(given: unknown): string[] {
  const { error } = SCHEMA.safeParse({ Convert: given });
  return error?.issues.map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`) ?? [];
}

const ALL = "tutorial or custom_single or custom_single_flatten or jsonline or raw or otlp_v1";

Deno.test("nothing said is the walk-through's form", () => {
  assertEquals(SCHEMA.parse({}).Convert, CONVERT_DEFAULT);
  assertEquals([parse(undefined), parse({})], [CONVERT_DEFAULT, CONVERT_DEFAULT]);
});

Deno.test("Protocol and Encoding name the form", () => {
  const cases: readonly (readonly [protocol: string, encoding: string | undefined, form: FormName])[] = [
    ["tutorial", undefined, "tutorial"],
    ["tutorial", "json", "tutorial"],
    ["custom_single", undefined, "custom_single"],
    ["custom_single", "JSON", "custom_single"],
    ["custom_single_flatten", "json", "custom_single_flatten"],
    ["jsonline", "json", "jsonline"],
    ["raw", undefined, "raw"],
    ["raw", "", "raw"],
    ["raw", "none", "raw"],
    ["raw", "custom", "raw"],
    ["otlp_v1", undefined, "otlp_json"],
    ["otlp_log_v1", "json", "otlp_json"],
    ["otlp_v1", "protobuf", "otlp_protobuf"],
    ["otlp_log_v1", "protobuf", "otlp_protobuf"],
  ];
  for (const [Protocol, Encoding, form] of cases) {
    assertEquals(parse(Encoding === undefined ? { Protocol } : { Protocol, Encoding }), { ...CONVERT_DEFAULT, form });
  }
  assertEquals(parse({ Encoding: "json" }), CONVERT_DEFAULT);
});

Deno.test("Protocol: what there is not is named, with what there is", () => {
  assertEquals(problems({ Protocol: "influxdb" }), [`Protocol: not supported: must be ${ALL}, not "influxdb"`]);
  assertEquals(problems({ Protocol: "sls" }), [`Protocol: not supported: must be ${ALL}, not "sls"`]);
  assertEquals(problems({ Protocol: "xml" }), [`Protocol: must be ${ALL}, not "xml"`]);
  assertEquals(problems({ Protocol: {} }), [`Protocol: must be ${ALL}, not a map`]);
  assertEquals(problems("raw"), [': must be a map of options, not "raw"']);
});

Deno.test("Encoding: one that the protocol does not have is a problem", () => {
  const cases: readonly (readonly [protocol: string, encoding: string, possible: string])[] = [
    ["tutorial", "protobuf", "json"],
    ["tutorial", "none", "json"],
    ["custom_single", "protobuf", "json"],
    ["custom_single", "none", "json"],
    ["custom_single_flatten", "protobuf", "json"],
    ["jsonline", "protobuf", "json"],
    ["raw", "json", "none"],
    ["raw", "protobuf", "none"],
    ["otlp_v1", "none", "json or protobuf"],
  ];
  for (const [Protocol, Encoding, possible] of cases) {
    const expected = `Encoding: ${Encoding} is not possible with Protocol ${Protocol}: must be ${possible}`;
    assertEquals(problems({ Protocol, Encoding }), [expected]);
  }
  assertEquals(problems({ Encoding: "xml" }), ['Encoding: must be json or protobuf or none, not "xml"']);
  assertEquals(problems({ Protocol: "jsonline", Encoding: "" }), [
    "Encoding: none is not possible with Protocol jsonline: must be json",
  ]);
});

Deno.test("TagFieldsRename: names of tags, where the form has tags", () => {
  const TagFieldsRename = { "k8s.pod.name": "pod", "host.name": "" };
  for (const Protocol of ["custom_single", "custom_single_flatten", "jsonline", "otlp_v1"]) {
    assertEquals(parse({ Protocol, TagFieldsRename }).tagRename, TagFieldsRename);
  }
  assertEquals(problems({ Protocol: "raw", TagFieldsRename }), ["TagFieldsRename: has no effect with Protocol raw"]);
  assertEquals(problems({ TagFieldsRename }), [
    "TagFieldsRename: has no effect with Protocol tutorial, the default here: name another, such as custom_single",
  ]);
  assertEquals(problems({ TagFieldsRename: {}, ProtocolFieldsRename: {} }), []);
  assertEquals(problems({ Protocol: "custom_single", TagFieldsRename: { a: ["b"] } }), [
    "TagFieldsRename.a: must be text, not a list",
  ]);
});

Deno.test("TagFieldsRename: tags that keep their names are warned of", () => {
  const shape = convert();
  const { TagFieldsRename } = objectIn(shape).shape;
  const warning = (given: unknown) => warningOf(TagFieldsRename, given);
  assertEquals(
    warning({ "host.ip": "", "log.topic": "t", a: "b" }),
    "host.ip and log.topic cannot be renamed, as in the original",
  );
  assertEquals([warning({ a: "host.ip" }), warning(undefined), warning("x"), warning(null)], Array(4).fill(undefined));
});

Deno.test("ProtocolFieldsRename: names of parts, where the form has parts", () => {
  const names = (ProtocolFieldsRename: unknown) => parse({ Protocol: "custom_single", ProtocolFieldsRename }).partNames;
  assertEquals(names({ time: "@timestamp" }), { time: "@timestamp", contents: "contents", tags: "tags" });
  assertEquals(names({ contents: "c", tags: "", time: "t" }), { time: "t", contents: "c", tags: "" });
  assertEquals(parse({ Protocol: "jsonline", ProtocolFieldsRename: { time: "t" } }).partNames.time, "t");
  for (const Protocol of ["raw", "otlp_v1"]) {
    assertEquals(problems({ Protocol, ProtocolFieldsRename: { time: "t" } }), [
      `ProtocolFieldsRename: has no effect with Protocol ${Protocol}`,
    ]);
  }
});

Deno.test("all problems are told at once", () => {
  const given = { Protocol: "raw", Encoding: "json", TagFieldsRename: { a: "b" }, ProtocolFieldsRename: { time: "t" } };
  assertEquals(problems(given).map((problem) => problem.split(":")[0]), [
    "Encoding",
    "TagFieldsRename",
    "ProtocolFieldsRename",
  ]);
});

/** The map of options inside of a schema. */
function objectIn(schema: z.core.$ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  if (!(schema instanceof z.ZodPipe)) throw new Error("not a map of options");
  return schema.in instanceof z.ZodTransform ? objectIn(schema.out) : objectIn(schema.in);
}
