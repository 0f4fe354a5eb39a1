/**
 * A real Kafka broker for tests, the demo and benches: one KRaft process on free local ports with its own data directory, which
 * can be killed and started again. Needs Java 17; see `kafkaRequirement`.
 *
 * @module
 */
import { join } from "@std/path";
import { canHaveKafkaJars, kafkaJars } from "./kafka_jars.ts";
import { choosePorts, CONTROLLER_LISTENER, PLAIN_LISTENER, portOf, type Ports } from "./kafka_ports.ts";
import { LOG4J2, SMALL_BROKER } from "./kafka_properties.ts";
import { type ConsumedMessage, type ConsumeOptions, consumeTopic } from "./kafka_reader.ts";
import { KafkaWire } from "./kafka_wire.ts";
import { hasProgram } from "./requirement.ts";

export type { ConsumedMessage, ConsumeOptions } from "./kafka_reader.ts";

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const STEP_MS = 50;

/** Whether this machine can run a broker: Java, and the jars or Maven to fetch them. */
export function kafkaRequirement(): boolean {
  return hasProgram("java") && canHaveKafkaJars();
}

/** How a broker is to be. */
export interface TestKafkaOptions {
  /** Whether asking for a topic creates it; false by default. */
  readonly autoCreateTopics?: boolean;
  /** Further lines of server.properties; they win. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Kept afterwards, and used again when it holds data; a temporary one by default. */
  readonly dataDirectory?: string;
  /** A free one by default. */
  readonly port?: number;
  /** Listeners besides the plain one, each on a port of its own. */
  readonly listeners?: Readonly<Record<string, ListenerProtocol>>;
  /** Users that log in by SCRAM, as `StorageTool format --add-scram` takes them. */
  readonly scramUsers?: readonly string[];
}

/** How a listener is secured; its further settings are properties that begin with `listener.name.` and its name in lower case. */
export type ListenerProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

/** A broker process. */
export class TestKafka implements AsyncDisposable {
  readonly port: number;
  readonly #directory: string;
  readonly #isTemporary: boolean;
  readonly #jars: string;
  readonly #ports: Ports;
  #process: Deno.ChildProcess | undefined;
  #isPaused = false;

  private constructor(jars: string, directory: string, isTemporary: boolean, ports: Ports) {
    this.#jars = jars;
    this.#directory = directory;
    this.#isTemporary = isTemporary;
    this.#ports = ports;
    this.port = portOf(ports, PLAIN_LISTENER);
  }

  /** Starts a broker and waits until it serves. @throws {Error} with the broker's last words when it does not start. */
  static async start(options: TestKafkaOptions = {}): Promise<TestKafka> {
    try {
      return await TestKafka.#tryStart(options);
    } catch (error) {
      // Between choosing a port and listening on it another process may have taken it.
      const isTaken = error instanceof Error && /Address already in use|BindException/.test(error.message);
      if (!isTaken || options.port !== undefined) throw error;
      return await TestKafka.#tryStart(options);
    }
  }

  static async #tryStart(options: TestKafkaOptions): Promise<TestKafka> {
    const jars = await kafkaJars();
    const directory = options.dataDirectory ?? await Deno.makeTempDir({ prefix: "sluice-kafka-" });
    const ports = choosePorts(Object.keys(options.listeners ?? {}), options.port);
    const kafka = new TestKafka(jars, directory, options.dataDirectory === undefined, ports);
    try {
      await kafka.#prepare(options);
      await kafka.restart();
    } catch (error) {
      await kafka[Symbol.asyncDispose]();
      throw error;
    }
    return kafka;
  }

  /** `host:port`, as a configuration's `Brokers` has it. */
  get brokers(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** `host:port` of a further listener. */
  brokersOf(listener: string): string {
    return `127.0.0.1:${portOf(this.#ports, listener)}`;
  }

  /** The broker's process id; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Whether it hangs. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Creates a topic with one replica unless it exists, and waits until its partitions can be written to. */
  async createTopic(name: string, partitions = 1, config: Readonly<Record<string, string>> = {}): Promise<void> {
    using wire = await KafkaWire.connect(this.port);
    await wire.createTopic(name, partitions, config);
    await until(`topic ${name} is ready`, START_TIMEOUT_MS, async () => {
      const { leaders } = await wire.metadata(name);
      for (const partition of leaders.keys()) {
        if (await wire.offset(name, partition, -1n) === undefined) return false;
      }
      return leaders.size > 0;
    });
  }

  async setTopicConfig(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    using wire = await KafkaWire.connect(this.port);
    await wire.setTopicConfig(name, config);
  }

  async deleteTopic(name: string): Promise<void> {
    using wire = await KafkaWire.connect(this.port);
    await wire.deleteTopic(name);
  }

  /**
   * Reads a topic from its start up to the offsets where it ends now; with `count`, waits until so many are there.
   * Every batch's checksum and structure is checked.
   *
   * @throws {Error} when `count` messages have not come after `timeoutMs`.
   */
  consumeAll(topic: string, options: ConsumeOptions = {}): Promise<ConsumedMessage[]> {
    return consumeTopic(this.port, topic, options);
  }

  /** SIGKILL: as in a crash. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** SIGTERM, and SIGKILL where that takes too long. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#process?.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await this.#end("SIGTERM");
    clearTimeout(timer);
  }

  /** SIGSTOP: the broker hangs, its connections stay. */
  pause(): void {
    this.#isPaused = true;
    this.#process?.kill("SIGSTOP");
  }

  /** SIGCONT, after `pause`. */
  resume(): void {
    this.#isPaused = false;
    this.#process?.kill("SIGCONT");
  }

  /** Starts the broker (again) on the same port and data, after `kill` or `stop`, and waits until it serves. */
  async restart(): Promise<void> {
    const process = this.#java("kafka.Kafka", [this.#path("server.properties")], "1>>");
    this.#process = process;
    let hasEnded = false;
    void process.status.then(() => hasEnded = true);
    try {
      await until("Kafka serves", START_TIMEOUT_MS, () => {
        if (hasEnded) throw new Error("Kafka ended");
        return this.#serves();
      });
    } catch (error) {
      await this.kill();
      const log = await Deno.readTextFile(this.#path("broker.log"));
      throw new Error(`${error instanceof Error ? error.message : error}:\n${log.slice(-4000)}`);
    }
  }

  /** Ends the broker and removes its data, unless the directory was given. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    if (this.#isTemporary) await Deno.remove(this.#directory, { recursive: true });
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    this.#isPaused = false;
    if (process === undefined) return;
    try {
      process.kill(signal);
      // A paused process takes SIGTERM only after SIGCONT.
      process.kill("SIGCONT");
    } catch {
      // It ended by itself.
    }
    await process.status;
  }

  async #prepare(options: TestKafkaOptions): Promise<void> {
    await Deno.mkdir(this.#directory, { recursive: true });
    await Deno.writeTextFile(this.#path("server.properties"), this.#properties(options));
    await Deno.writeTextFile(this.#path("log4j2.yaml"), LOG4J2);
    if (await exists(this.#path("data"))) return;
    const formatting = this.#java("kafka.tools.StorageTool", [
      ...["format", "-t", "c2x1aWNlLXRlc3RzLTAwMQ", "-c", this.#path("server.properties")],
      ...(options.scramUsers ?? []).flatMap((user) => ["--add-scram", user]),
    ], "1>");
    if ((await formatting.status).success) return;
    throw new Error(`Kafka's storage cannot be formatted:\n${await Deno.readTextFile(this.#path("broker.log"))}`);
  }

  /** Runs a main class through a shell that becomes it, so that its output goes to a file and the pid is its own. */
  #java(mainClass: string, args: readonly string[], redirection: "1>" | "1>>"): Deno.ChildProcess {
    const flags = [
      "-Xmx512m",
      "-Xms64m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-Xshare:auto",
      `-Dlog4j2.configurationFile=${this.#path("log4j2.yaml")}`,
    ];
    const script = `log="$1"; shift; exec java "$@" ${redirection}"$log" 2>&1`;
    return new Deno.Command("sh", {
      args: ["-c", script, "sh", this.#path("broker.log"), ...flags, "-cp", `${this.#jars}/*`, mainClass, ...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async #serves(): Promise<boolean> {
    try {
      using wire = await KafkaWire.connect(this.port);
      return (await wire.metadata("sluice-is-it-up")).brokers.size > 0;
    } catch {
      return false;
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #properties(options: TestKafkaOptions): string {
    const controller = this.brokersOf(CONTROLLER_LISTENER);
    const addresses = [...this.#ports.keys()].map((name) => `${name}://${this.brokersOf(name)}`);
    const protocols = [...this.#ports.keys()].map((name) => `${name}:${options.listeners?.[name] ?? "PLAINTEXT"}`);
    const properties: Record<string, string> = {
      "process.roles": "broker,controller",
      "node.id": "1",
      "controller.quorum.voters": `1@${controller}`,
      "controller.listener.names": CONTROLLER_LISTENER,
      "listeners": addresses.join(","),
      "advertised.listeners": addresses.filter((one) => !one.startsWith(CONTROLLER_LISTENER)).join(","),
      "listener.security.protocol.map": protocols.join(","),
      "inter.broker.listener.name": PLAIN_LISTENER,
      "log.dirs": this.#path("data"),
      "auto.create.topics.enable": String(options.autoCreateTopics ?? false),
      "num.partitions": "1",
      ...SMALL_BROKER,
      ...options.properties,
    };
    return Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join("");
  }
}

async function until(what: string, timeoutMs: number, isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !(await isSo());) {
    if (Date.now() > deadline) throw new Error(`After ${timeoutMs} ms it is still not so that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
