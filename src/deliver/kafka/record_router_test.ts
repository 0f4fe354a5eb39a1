import { assertEquals, assertStringIncludes } from "@std/assert";
import { NGINX_SOURCE } from "../../../tests/support/kernel.ts";
import type { Batch, Field } from "../../core/batch.ts";
import type { LogRecord } from "../../core/record.ts";
import { type FieldPlaces, RecordRouter, type Route, type RoutingOptions } from "./record_router.ts";
import { type FieldPath, topicPattern, tryFieldPath } from "./topic_pattern.ts";

/** Fields by their names in the record, whatever they are. */
function placesOf(paths: readonly FieldPath[]): FieldPlaces {
  return {
    find: (fields) =>
      paths.map(({ name }) => {
        const field = fields.findIndex((one) => one.name === name);
        return name === "fixed" ? { text: "always" } : field < 0 ? undefined : { field };
      }),
  };
}

function router(topic: string, more: Partial<RoutingOptions> = {}): RecordRouter {
  const options = { fallbackTopic: undefined, hashKeys: undefined, hashOnce: false, ...more };
  return new RecordRouter({ ...options, topic: topicPattern().parse(topic) }, placesOf);
}

function record(fields: Record<string, string>): LogRecord {
  return { seconds: 0, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) };
}

function batch(fields: readonly Field[]): Batch {
  return { source: NGINX_SOURCE, rows: 1, fields, offsetStart: 0, offsetEnd: 1, offsetSafe: 1 };
}

const keys = (...names: string[]) => names.map((name) => tryFieldPath(name)!);
const refusal = (route: Route | undefined) => route !== undefined && "refusal" in route ? route.refusal : undefined;

Deno.test("Topic: a name is that of all records, whatever they are", () => {
  const fixed = router("logs");
  const expected = { topic: "logs", key: undefined };
  assertEquals(fixed.tryCommon(batch([])), expected);
  assertEquals(fixed.tryCommon({ ...batch([]), records: [record({ a: "b" })] }), expected);
});

Deno.test("Topic: %{content.a} and %{tag.b} are replaced by the values of each record", () => {
  const by = router("x-%{content.a}_%{tag.b}.%{tag.fixed}");
  assertEquals(by.route(record({ b: "two", a: "one" })), { topic: "x-one_two.always", key: undefined });
  const differing: readonly Field[] = [{ name: "a", column: 0, escape: true }, { name: "b", text: "two" }];
  assertEquals(by.tryCommon(batch(differing)), undefined);
  assertEquals(by.tryCommon({ ...batch([]), records: [] }), undefined);
});

Deno.test("Topic: where all fields that it names are the same for a source, its batches are not taken apart", () => {
  const fields: readonly Field[] = [{ name: "content", column: 0, escape: true }, { name: "a", text: "one" }];
  const by = router("x-%{content.a}", { hashKeys: keys("tag.fixed", "content.a") });
  assertEquals(by.tryCommon(batch(fields)), { topic: "x-one", key: "always###one" });
});

Deno.test("FallbackTopic: takes the records without a value; without it they are refused, with the reason", () => {
  const other = record({ b: "two", a: "" });
  assertEquals(router("x-%{content.a}", { fallbackTopic: "rest" }).route(other), { topic: "rest", key: undefined });
  const reason = refusal(router("x-%{content.a}%{tag.c}").route(other)) ?? "";
  assertStringIncludes(reason, "no content a and no tag c");
});

Deno.test("Topic: a value that makes no topic is a reason to refuse the record", () => {
  for (const value of ["a/b", "a b", "x".repeat(250), "é"]) {
    assertStringIncludes(refusal(router("%{content.a}").route(record({ a: value }))) ?? "", "its topic");
  }
});

Deno.test("HashKeys: the values that are there, in the order of the keys, make the key; none make an empty one", () => {
  const by = router("t", { hashKeys: keys("content.a", "tag.b") });
  const keyOf = (fields: Record<string, string>) => {
    const route = by.route(record(fields));
    return "key" in route ? route.key : undefined;
  };
  assertEquals([keyOf({ b: "2", a: "1" }), keyOf({ b: "2" }), keyOf({ c: "3" })], ["1###2", "2", ""]);
});

Deno.test("HashOnce: the first key that is not empty is that of all records", () => {
  const by = router("t", { hashKeys: keys("content.a"), hashOnce: true });
  const given: readonly Record<string, string>[] = [{}, { a: "1" }, { a: "2" }, {}];
  const routes = given.map((fields) => by.route(record(fields)));
  assertEquals(routes.map((route) => "key" in route && route.key), ["", "1", "1", "1"]);
});
