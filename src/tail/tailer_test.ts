import { assertEquals } from "@std/assert";
import { ClockEnv } from "../../tests/support/clock_env.ts";
import { RecordingLog } from "../../tests/support/recording_log.ts";
import { TailedSource } from "./tailed_source.ts";
import { Tailer } from "./tailer.ts";

function setUp(contents: readonly string[]) {
  const directory = Deno.makeTempDirSync({ prefix: "sluice-tailer-" });
  const env = new ClockEnv();
  const tailer = new Tailer(env);
  contents.forEach((content, index) => {
    const path = `${directory}/${index}.log`;
    Deno.writeTextFileSync(path, content);
    const source = { key: String(index), path, tags: [] };
    tailer.add(new TailedSource(source, undefined, "first", env, new RecordingLog()));
  });
  const end = () => {
    tailer.close();
    Deno.removeSync(directory, { recursive: true });
  };
  return { env, tailer, directory, end };
}

/** One turn: which source gave how many bytes. */
function turn(tailer: Tailer, into: Uint8Array): string {
  const reading = tailer.tryNext(into);
  if (reading === undefined) return "none";
  const { tailed, result } = reading;
  if (typeof result !== "object") return result;
  tailed.advance(tailed.offset + result.size);
  return `${tailed.source.key}:${result.size}`;
}

Deno.test("sources take turns, however much one has", () => {
  const { tailer, end } = setUp(["x".repeat(100), "y".repeat(20), "z".repeat(20)]);
  const turns = Array.from({ length: 6 }, () => turn(tailer, new Uint8Array(10)));
  assertEquals(turns.filter((each) => each.startsWith("0")).length, 2);
  assertEquals(turns.filter((each) => each.startsWith("1")).length, 2);
  end();
});

Deno.test("a quiet source is looked at less and less often, and at once when it has news", () => {
  const { env, tailer, directory, end } = setUp([""]);
  let looks = 0;
  for (let ms = 0; ms < 10_000; ms += 10) {
    const spy = tailer.tryGet("0")!;
    const read = spy.read.bind(spy);
    spy.read = (into) => {
      looks++;
      return read(into);
    };
    turn(tailer, new Uint8Array(10));
    spy.read = read;
    env.pass(10);
  }
  assertEquals(looks < 25, true, `${looks} looks in ten seconds`);
  Deno.writeTextFileSync(`${directory}/0.log`, "news");
  env.pass(1000);
  assertEquals(turn(tailer, new Uint8Array(10)), "0:4");
  end();
});

Deno.test("a removed source is closed and gives nothing more", () => {
  const { tailer, end } = setUp(["abc"]);
  tailer.remove("0");
  assertEquals(turn(tailer, new Uint8Array(10)), "none");
  end();
});
