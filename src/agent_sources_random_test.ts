import { assertEquals } from "@std/assert";
import { type Random, seededRandom } from "../tests/support/random.ts";
import { SourcesScene } from "../tests/support/sources_scene.ts";

const ROUNDS = 10;
const STEPS = 40;

/** Two containers that write to one volume, are made again, and whose log is rotated to names that are logs, too. */
class Volume {
  readonly scene = new SourcesScene({
    p: "- {Type: input_file, EnableContainerDiscovery: true, FilePaths: [/log/*.log]}",
  });
  readonly written: string[] = [];
  readonly read: string[] = [];
  readonly steps: string[] = [];
  readonly #random: Random;
  readonly #ids = ["a0", "b0"];
  #generation = 0;

  constructor(random: Random) {
    this.#random = random;
    for (const id of this.#ids) this.#start(id);
  }

  async step(): Promise<void> {
    const { scene } = this;
    const step = this.#random.pick(["write", "write", "rotate", "look", "read", "restart", "replace", "exit"] as const);
    this.steps.push(step);
    if (step === "write") this.#write();
    else if (step === "rotate") this.#rotate();
    else if (step === "look") await scene.look();
    else if (step === "read") await this.#read();
    else if (step === "restart") await this.#restart();
    else await this.#replace(step === "exit");
  }

  async end(): Promise<void> {
    this.read.push(...(await this.scene.settle()).p ?? []);
  }

  #write(): void {
    for (let count = this.#random.integer(1, 3); count > 0; count--) {
      const line = `line ${this.written.length}`;
      this.written.push(line);
      this.scene.write("/volume/.keep", "");
      this.scene.append("/volume/app.log", `${line}\n`);
    }
  }

  #rotate(): void {
    try {
      this.scene.rename("/volume/app.log", `/volume/app-${String(this.#generation++).padStart(4, "0")}.log`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #read(): Promise<void> {
    this.read.push(...(await this.scene.read()).p ?? []);
  }

  async #restart(): Promise<void> {
    // A file that is renamed is known by its new name once it was looked for.
    await this.scene.look();
    await this.scene.restart();
    for (const id of this.#ids) this.#start(id);
  }

  async #replace(exits: boolean): Promise<void> {
    const index = this.#random.integer(0, 1);
    const id = this.#ids[index];
    if (exits) this.#start(id, "exited");
    await this.scene.sources.remove(id, new AbortController().signal);
    this.#ids[index] = `${id[0]}${this.#generation++}`;
    this.#start(this.#ids[index]);
  }

  #start(id: string, state: "running" | "exited" = "running"): void {
    this.scene.sources.upsert(
      this.scene.container({ id, state, mounts: [{ source: "/volume", destination: "/log" }] }),
    );
  }
}

Deno.test("whatever happens to a shared log, its containers and the agent, every line arrives once", async () => {
  const random = seededRandom("shared log");
  for (let round = 0; round < ROUNDS; round++) {
    const volume = new Volume(random);
    using _scene = volume.scene;
    for (let step = 0; step < STEPS; step++) await volume.step();
    await volume.end();
    const name = volume.steps.join(", ");
    assertEquals(volume.read.toSorted(), volume.written.toSorted(), name);
  }
});
