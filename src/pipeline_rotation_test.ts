import { assertEquals } from "@std/assert";
import { HEAD, PipelineScene } from "../tests/support/pipeline_scene.ts";
import { safePlace } from "./core/position.ts";

Deno.test("a rotation loses nothing and joins the record that it cuts", async () => {
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["one"] });
  scene.append("a", `${HEAD} F two\n${HEAD} P first half, `);
  scene.append("a", `second line of the half\n`);
  Deno.renameSync(scene.pathOf("a"), `${scene.pathOf("a")}.20261123-120000`);
  scene.append("a", `${HEAD} F second half\n${HEAD} F three\n`);
  assertEquals(await scene.run(), { a: ["two", "first half, second line of the halfsecond half", "three"] });
  assertEquals(scene.offsetOf("a"), Deno.statSync(scene.pathOf("a")).size);
});

Deno.test("a record that a rotation cuts is put together though the agent dies between its halves", async () => {
  using scene = new PipelineScene();
  const stderr = HEAD.replace("stdout", "stderr");
  scene.append("a", `${HEAD} F one\n${HEAD} P first half, \n`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["one"] });
  const rotated = ".20261123-120000";
  Deno.renameSync(scene.pathOf("a"), scene.pathOf("a") + rotated);
  scene.append("a", `${stderr} F error\n`);
  assertEquals(await scene.run(), { a: ["error"] });
  const position = scene.pipeline.ledger.position("a");
  using next = new PipelineScene();
  scene.append("a", `${HEAD} F second half\n`);
  for (const suffix of [rotated, ""]) Deno.renameSync(scene.pathOf("a") + suffix, next.pathOf("a") + suffix);
  next.add("a", { position });
  assertEquals(await next.run(), { a: ["first half, second half"] });
  assertEquals(next.offsetOf("a"), Deno.statSync(next.pathOf("a")).size);
});

Deno.test("a stream that is silent in the middle of a line through whole files holds no position back, and its line survives a restart", async () => {
  using scene = new PipelineScene();
  const stderr = HEAD.replace("stdout", "stderr");
  scene.append("a", `${HEAD} P first half, \n`);
  scene.add("a");
  await scene.run();
  for (const number of [1, 2]) {
    Deno.renameSync(scene.pathOf("a"), `${scene.pathOf("a")}.20261123-12000${number}`);
    scene.append("a", `${stderr} F error ${number}\n`);
    assertEquals(await scene.run(), { a: [`error ${number}`] });
  }
  const { ino, size } = Deno.statSync(scene.pathOf("a"));
  const position = scene.pipeline.ledger.position("a")!;
  assertEquals([position.identity.inode, position.offset, safePlace(position).offset], [ino!, size, 0]);
  scene.append("a", `${HEAD} F second half\n`);
  assertEquals(await scene.run(), { a: ["first half, second half"] });
  using next = new PipelineScene();
  Deno.renameSync(scene.pathOf("a"), next.pathOf("a"));
  next.add("a", { position });
  assertEquals(await next.run(), { a: ["first half, second half"] });
});

Deno.test("what was pending in a file that is gone, as an old checkpoint has it, spoils no line of the next one", async () => {
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n${HEAD} P half \n`);
  scene.add("a");
  assertEquals(await scene.run(), { a: ["one"] });
  const position = scene.pipeline.ledger.position("a")!;
  assertEquals(position.pending?.records.length, 1);
  using next = new PipelineScene();
  next.append("a", `${HEAD} F two\n`);
  next.add("a", { position });
  assertEquals(await next.run(), { a: ["two"] });
});

Deno.test("at every moment of a rotation the next file counts as being read, once the old one was left", async () => {
  using scene = new PipelineScene();
  scene.append("a", `${HEAD} F one\n`);
  scene.add("a", { namesMove: true });
  await scene.run();
  Deno.renameSync(scene.pathOf("a"), `${scene.pathOf("a")}.1`);
  scene.append("a", `${HEAD} F two\n`);
  const { dev, ino } = Deno.statSync(scene.pathOf("a"));
  const seen = new Set<boolean>();
  scene.env.breathe = () => {
    if (scene.left.length > 0) seen.add(scene.pipeline.isReading(dev, ino!));
    return Promise.resolve();
  };
  // So slow a clock that the loop takes a breath after every turn.
  const { now } = scene.env;
  scene.env.now = () => {
    scene.env.pass(10);
    return now();
  };
  assertEquals([await scene.run(), [...seen]], [{ a: ["two"] }, [true]]);
});
