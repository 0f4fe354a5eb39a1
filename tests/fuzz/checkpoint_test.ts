/**
 * The readers of the checkpoint and of the list of sources on mutated files, and their writer on positions of every size: nothing is thrown,
 * nothing impossible comes out, what is not understood is told, and what was saved is loaded.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type Checkpoint, CheckpointStore } from "../../src/checkpoint/store.ts";
import type { KnownSource } from "../../src/core/known_source.ts";
import { type PendingRecord, type Position, safePlace } from "../../src/core/position.ts";
import { HEAD_BYTES_MAX } from "../../src/tail/identity.ts";
import { ClockEnv } from "../support/clock_env.ts";
import type { Random } from "../support/random.ts";
import { RecordingLog } from "../support/recording_log.ts";
import { fuzz } from "./fuzz.ts";
import { memoryFiles, memoryPath } from "./memory_files.ts";
import { Mutator } from "./mutate.ts";

const NAMES = [
  "nginx",
  "",
  "constructor",
  "toString",
  "é\u2028",
  "cri:/var/log/pods/a_b_c/0.log",
  "0",
  "a".repeat(300),
];
const TOKENS = [
  ...[
    '"version":1',
    '"version":2',
    '"pipelines":',
    '"firstRuns":',
    '"identity":',
    '"offset":',
    '"device":',
    '"inode":',
    '"headBytes":',
    '"headHash":',
    '"exact":',
    '"records":',
    '"tags":',
    '"container":',
    '"runtime":',
  ],
  ...[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "null",
    "true",
    "-",
    "\0",
    "\\",
    "\\ud800",
    '"__proto__":',
    '"constructor":',
    "\ufeff",
  ],
];

/** A store whose files are in memory. */
class Scene {
  readonly texts = new Map<string, string>();
  readonly log = new RecordingLog();
  readonly store: CheckpointStore;

  constructor() {
    const clock = new ClockEnv();
    const env = Object.assign(Object.create(clock), { files: memoryFiles(this.texts) });
    this.store = new CheckpointStore(memoryPath("checkpoint"), env, this.log);
  }
}

function randomNumber(random: Random, max: number): number {
  return random.integer(0, 3) === 0 ? max : Math.floor(random.next() * max);
}

function randomPosition(random: Random): Position {
  if (random.next() < 0.7) return randomPlace(random);
  const bytes = () => Uint8Array.from({ length: random.integer(0, 100) }, () => random.integer(0, 255));
  const records: PendingRecord[] = Array.from({ length: random.integer(1, 2) }, () => ({
    stream: random.pick(["Stdout", "Stderr"]),
    content: bytes(),
    time: bytes(),
    seconds: random.integer(-10, 10),
    offsetSafe: random.integer(-1, 1000),
    line: random.integer(-1, 100),
    lineOffset: random.integer(-1, 1000),
  }));
  return { ...randomPlace(random), pending: { safe: randomPlace(random), records } };
}

function randomPlace(random: Random): Position {
  const identity = {
    device: randomNumber(random, 2 ** random.integer(1, 63)),
    inode: randomNumber(random, 2 ** random.integer(1, 64)),
    headBytes: randomNumber(random, HEAD_BYTES_MAX),
    headHash: randomNumber(random, 2 ** 32 - 1),
  };
  return { identity, offset: randomNumber(random, Number.MAX_SAFE_INTEGER) };
}

function randomCheckpoint(random: Random): Checkpoint {
  const some = <Value>(make: () => Value) =>
    new Map(Array.from({ length: random.integer(0, 4) }, () => [random.pick(NAMES), make()] as const));
  const positions = some(() => some(() => randomPosition(random)));
  const firstRunsMs = new Map([...positions.keys()].map((name) => [name, randomNumber(random, 2 ** 53)] as const));
  const sources = some(() => some(() => randomSource(random)));
  return { positions, firstRunsMs, ...sources.size > 0 && { sources } };
}

function randomSource(random: Random): KnownSource {
  const pod = { namespace: random.pick(NAMES), name: random.pick(NAMES) };
  const names = { name: random.pick(NAMES), runtime: random.pick(["containerd", "docker", "static"] as const) };
  const container = { ...names, createdMs: randomNumber(random, 2 ** 53), ...random.next() < 0.5 && { pod } };
  const tags = Array.from({ length: random.integer(0, 3) }, () => [random.pick(NAMES), random.pick(NAMES)] as const);
  return { input: random.integer(0, 3), tags, container };
}

async function roundTrip(random: Random): Promise<void> {
  const { store, log } = new Scene();
  const checkpoint = randomCheckpoint(random);
  assert(await store.save(checkpoint));
  assertEquals(store.load(), checkpoint);
  assertEquals(log.lines, []);
}

async function readMutant(random: Random): Promise<void> {
  const { store, log, texts } = new Scene();
  await store.save(randomCheckpoint(random));
  const path = random.pick([...texts.keys()]);
  const saved = texts.get(path)!;
  const mutant = new Mutator([saved], TOKENS).mutantText(random);
  texts.set(path, mutant);
  const loaded = store.load();
  for (const sources of loaded.positions.values()) for (const position of sources.values()) checkBoth(position);
  const isTold = log.lines.length > 0;
  assertEquals(isTold, texts.get(path) === undefined, "what is not understood is told and set aside");
  if (!isTold) return;
  assert([...texts.values()].includes(mutant));
  assertEquals(path === store.path ? loaded.positions.size : loaded.sources?.size ?? 0, 0);
}

function checkBoth(position: Position): void {
  checkPosition(position);
  checkPosition(safePlace(position));
}

function checkPosition({ identity, offset }: Position): void {
  const numbers = [identity.device, identity.inode, identity.headBytes, identity.headHash, offset];
  assert(numbers.every((number) => Number.isInteger(number) && number >= 0), JSON.stringify(numbers));
  assert(identity.headBytes <= HEAD_BYTES_MAX, `${identity.headBytes} bytes would be read to compare a file's head`);
  assert(identity.headHash < 2 ** 32, `${identity.headHash} is no checksum`);
  assert(offset <= Number.MAX_SAFE_INTEGER, `${offset} is no offset`);
}

Deno.test("whatever positions are saved, the same are loaded", async () => {
  assert(await fuzz("checkpoint round trip", roundTrip) > 100);
});

Deno.test("a mutated checkpoint gives possible positions or is set aside, and told", async () => {
  assert(await fuzz("checkpoint mutants", readMutant) > 100);
});
