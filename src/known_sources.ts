/**
 * The outputs of containers that pipelines read, with what their records need: as long as their files are there, they can be read to their
 * ends, whoever still knows of the container. Kept beside the positions; written only when one comes or goes.
 *
 * @module
 */
import type { BuiltPipeline } from "./build_pipeline.ts";
import type { Container, RuntimeName } from "./core/container.ts";
import type { Input } from "./core/input.ts";
import type { KnownSource, KnownSourcesByPipeline } from "./core/known_source.ts";
import type { Source } from "./core/source.ts";
import type { Kernel } from "./kernel/kernel.ts";

/** What is known of one source is no longer than this, as JSON, or not kept: variables that become tags may be of any length. */
const CHARS_MAX = 16_384;

/** An output that was left behind, and who reads it. */
export interface LeftOutput {
  readonly input: Input<Kernel>;
  readonly source: Source & { readonly container: Container };
}

/** What is known of the sources of all pipelines. */
export class KnownSources {
  readonly #byPipeline: Map<string, Map<string, KnownSource>>;
  /** The keys that each pipeline has begun in this life of the agent: who ends them knows it. */
  readonly #begun = new Map<string, Set<string>>();
  #changes = 0;

  constructor(loaded: KnownSourcesByPipeline = new Map()) {
    this.#byPipeline = new Map([...loaded].map(([name, sources]) => [name, new Map(sources)]));
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  get all(): KnownSourcesByPipeline {
    return this.#byPipeline;
  }

  /** A pipeline begins to read a source. Those that are no container's output are not kept. */
  note({ name, inputs }: Pick<BuiltPipeline, "name" | "inputs">, input: Input<Kernel>, source: Source): void {
    if (input.isDynamic || source.container === undefined) return;
    this.#begun.set(name, (this.#begun.get(name) ?? new Set()).add(source.key));
    const known = describe(inputs.indexOf(input), source.tags, source.container);
    const text = JSON.stringify(known);
    const sources = this.#byPipeline.get(name) ?? new Map<string, KnownSource>();
    if (text.length > CHARS_MAX || text === JSON.stringify(sources.get(source.key))) return;
    this.#byPipeline.set(name, sources.set(source.key, known));
    this.#changes++;
  }

  /** The file of an output is gone: nothing is left of it. */
  forget(pipelineName: string, sourceKey: string): void {
    this.#drop(pipelineName, [sourceKey], () => true);
  }

  /** A pipeline does not want a container any more: what it has left then is not wanted either. */
  forgetContainer(pipelineName: string, containerId: string): void {
    this.#drop(pipelineName, this.#keysOf(pipelineName), (key) => key.startsWith(`${containerId}:`));
  }

  /** Forgets what nobody reads and what is not there. */
  prune(isRead: (pipelineName: string, key: string) => boolean, isThere: (key: string) => boolean): void {
    for (const name of this.#byPipeline.keys()) {
      this.#drop(name, this.#keysOf(name), (key) => !isRead(name, key) && !isThere(key));
    }
  }

  /** The outputs of a pipeline that were not begun, and whose containers nobody tells of although these runtimes would. */
  left(
    { name, inputs }: BuiltPipeline,
    runtimes: readonly RuntimeName[],
    isTold: (containerId: string) => boolean,
  ): readonly LeftOutput[] {
    return [...this.#byPipeline.get(name) ?? []].flatMap(([key, known]) => {
      const container = containerOf(key, known);
      const outputs = inputs.filter(({ isDynamic }) => !isDynamic);
      const input = outputs.find((one) => inputs.indexOf(one) === known.input) ?? outputs.at(0);
      const isElse = this.#begun.get(name)?.has(key) || isTold(container.id);
      if (input === undefined || isElse || !runtimes.includes(container.runtime)) return [];
      return input.sources(container).map((source) => ({ input, source: { ...source, container, tags: known.tags } }));
    });
  }

  #keysOf(name: string): Iterable<string> {
    return this.#byPipeline.get(name)?.keys() ?? [];
  }

  #drop(name: string, keys: Iterable<string>, isMeant: (key: string) => boolean): void {
    const sources = this.#byPipeline.get(name);
    for (const key of keys) {
      if (!isMeant(key)) continue;
      this.#begun.get(name)?.delete(key);
      if (sources?.delete(key)) this.#changes++;
    }
    if (sources?.size === 0) this.#byPipeline.delete(name);
  }
}

function describe(input: number, tags: Source["tags"], { runtime, name, createdMs, pod }: Container): KnownSource {
  const of = pod && { pod: { namespace: pod.namespace, name: pod.name } };
  return { input, tags, container: { runtime, name, createdMs, ...of } };
}

/** A container that is gone, as far as reading its output needs it. */
function containerOf(key: string, { container: { pod, ...known } }: KnownSource): Container {
  const colon = key.indexOf(":");
  return {
    ...known,
    ...pod && { pod: { ...pod, uid: "", labels: {} } },
    id: key.slice(0, colon),
    logPath: key.slice(colon + 1),
    state: "exited",
    image: "",
    labels: {},
    env: {},
    ip: "",
    hostName: "",
    pid: 0,
    logDriver: "",
    mounts: [],
    rootPaths: [],
  };
}
