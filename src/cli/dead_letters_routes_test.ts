import { assertEquals } from "@std/assert";
import type { DeadLetter } from "../deliver/dead_letters.ts";
import { flusherKafkaV2Options } from "../deliver/kafka/options.ts";
import { findRoute, type LetterRoute } from "./dead_letters_routes.ts";

function route(pipeline: string, broker: string, Topic: string, more: Record<string, string> = {}): LetterRoute {
  return { pipeline, options: flusherKafkaV2Options().parse({ Brokers: [broker], Topic, ...more }) };
}

function letter(topic: string, pipeline?: string, broker?: string): DeadLetter {
  const from = { ...(pipeline && { pipeline }), ...(broker && { brokers: [broker] }) };
  return { time: "", topic, reason: "", message: "", ...from };
}

const web = route("web", "a:1", "access");
const webElsewhere = route("web", "b:1", "access");
const api = route("api", "a:1", "access");
const byApp = route("apps", "c:1", "app.%{content.app}-log", { FallbackTopic: "app.other" });
const routes = [web, webElsewhere, api, byApp];

Deno.test("a letter goes through the flusher of its pipeline and cluster, or another that names its topic", () => {
  const cases: readonly [DeadLetter, string | undefined, LetterRoute][] = [
    [letter("access", "web", "a:1"), undefined, web],
    [letter("access", "web", "b:1"), undefined, webElsewhere],
    [letter("access", "api", "a:1"), undefined, api],
    [letter("access", "gone", "b:1"), undefined, webElsewhere],
    [letter("access", "api"), undefined, api],
    [letter("app.web-log"), undefined, byApp],
    [letter("app.other"), undefined, byApp],
    [letter("access", "api", "a:1"), "spare", api],
    [letter("elsewhere"), "app.other", byApp],
    [letter("", "apps"), "spare", byApp],
    [letter("flusher_stdout", "api"), "spare", api],
  ];
  for (const [one, to, wanted] of cases) assertEquals(findRoute(one, routes, to), wanted, JSON.stringify([one, to]));
});

Deno.test("a letter that goes nowhere, or to several clusters, says so", () => {
  const cases: readonly [DeadLetter, string | undefined, string][] = [
    [letter("elsewhere", "web"), undefined, "no flusher_kafka_v2 of the configuration names this topic"],
    [letter("appXweb-log"), undefined, "no flusher_kafka_v2 of the configuration names this topic"],
    [letter("app.-log"), undefined, "no flusher_kafka_v2 of the configuration names this topic"],
    [letter(""), undefined, "it has no topic: --to gives it one"],
    [letter("", "gone"), "spare", "no flusher_kafka_v2 of the configuration names this topic or that of --to"],
    [letter("access"), undefined, "flushers of several clusters name it"],
    [letter("access", "web", "z:1"), undefined, "flushers of several clusters name it"],
  ];
  for (const [one, to, wanted] of cases) {
    const answer = findRoute(one, routes, to);
    assertEquals("refusal" in answer && answer.refusal.startsWith(wanted), true, JSON.stringify([one, to, answer]));
  }
});
