/**
 * The input `input_file`: text files, of the node or inside containers. Which files there are is asked again and again; a file that two
 * containers share, by a volume, is one source, whoever shows it first.
 *
 * @module
 */
import { InvariantError } from "../core/assert.ts";
import type { DecodeCounts, Decoder } from "../core/batch.ts";
import type { Container } from "../core/container.ts";
import type { ReadableFiles } from "../core/env.ts";
import type { Decision, IdleFlush, Input, LagLimits } from "../core/input.ts";
import type { DirectoryWatch, Source } from "../core/source.ts";
import { EncodedLineDecoder } from "../decode/encoded_lines.ts";
import type { DecoderContext } from "../decode/line_decoder.ts";
import { plainLineDecoder } from "../decode/plain_lines.ts";
import { DirectoryMarks } from "../find/directory_marks.ts";
import { findFiles, type FoundFile } from "../find/find_files.ts";
import { type FindRule, makeFindRule } from "../find/find_rule.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { ContainerFiles } from "../match/container_files.ts";
import { compileFilter, type ContainerFilter } from "../match/filter.ts";
import { fileTags, tryInodeTag } from "./file_tags.ts";
import { clockSeconds, type InputContext } from "./input_context.ts";
import type { InputFileOptions } from "./input_file_options.ts";

const NO_EXTERNAL_TAGS = { envTag: {}, k8sLabelTag: {}, missing: "omit" } as const;

/** A container whose files have been looked for. */
interface SearchedContainer extends DirectoryWatch {
  readonly files: ContainerFiles;
  /** How often it was searched: as often as something in its directories has changed, at least. */
  changes: number;
  /** What was found, by path. */
  found: ReadonlyMap<string, Source>;
  marks?: DirectoryMarks;
}

/** Files, found by patterns. */
export class InputFile implements Input<Kernel> {
  readonly lineBytesMax: number;
  readonly idleFlush: IdleFlush;
  readonly isDynamic = true;
  readonly readsNode: boolean;
  readonly exclusive: { readonly baseDepth: number } | undefined;
  readonly lag: LagLimits;
  readonly #options: InputFileOptions;
  readonly #filter: ContainerFilter | undefined;
  readonly #rule: FindRule;
  readonly #context: InputContext;
  readonly #searched = new WeakMap<Container, SearchedContainer>();
  /** Containers, by id, whose files have been looked for before; `""` stands for the node. */
  readonly #lookedAt = new Set<string>();

  /** @throws {FilterError} when a regular expression is broken, which checking the options excludes. */
  constructor(options: InputFileOptions, context: InputContext) {
    this.lineBytesMax = options.lineBytesMax;
    this.idleFlush = { afterMs: options.flushTimeoutMs, incompleteLines: true };
    this.readsNode = options.containers === undefined;
    this.#options = options;
    this.#filter = options.containers && compileFilter(options.containers.filter);
    this.#rule = makeFindRule(options.find);
    const baseDepth = Math.max(...this.#rule.patterns.map(({ directories }) => directories.length));
    this.exclusive = options.isShared ? undefined : { baseDepth };
    this.lag = options;
    this.#context = context;
  }

  decide(container: Container): Decision {
    return this.#filter?.decide(container) ?? { matches: false, reason: "it reads files of the node" };
  }

  sources(container: Container | undefined): readonly Source[] {
    const found = container === undefined ? this.#nodeSources() : this.#containerSources(container);
    this.#lookedAt.add(container?.id ?? "");
    return found;
  }

  /** That the container's root is not visible, where files are wanted that are not in a mount. */
  tryProblem(container: Container): string | undefined {
    const { files } = this.#searched.get(container) ?? this.#newlySearched(container);
    return files.tryRootProblem();
  }

  decoder(kernel: Kernel, source: Source, counts: DecodeCounts): Decoder {
    const { encoding, multiline, tagNames } = this.#options;
    const context: DecoderContext = { kernel, source, counts, nowSeconds: clockSeconds(this.#context.env) };
    const offsetKey = tagNames.offsetField;
    const inodeKey = tryInodeTag(0, tagNames)?.[0];
    const decoder = plainLineDecoder({ multiline, offsetKey, inodeKey }, context);
    return encoding === "utf8" ? decoder : new EncodedLineDecoder(encoding, decoder, offsetKey !== undefined, context);
  }

  forget(containerId: string): void {
    this.#lookedAt.delete(containerId);
  }

  #nodeSources(): readonly Source[] {
    const { files } = this.#context.env;
    return this.#find(files, "on the node").map((file) => ({
      key: `local:${file.path}`,
      path: file.path,
      tags: this.#tags(file.path, undefined),
      start: this.#start(undefined),
    }));
  }

  /** What is known of a file is kept as long as it is found: most looks find nothing new, and most need no search to tell. */
  #containerSources(container: Container): readonly Source[] {
    const searched = this.#searched.get(container) ?? this.#newlySearched(container);
    const { files, found: known } = searched;
    const forOneSearch = files.forOneSearch();
    if (searched.marks?.areUnchanged(forOneSearch)) return [...known.values()];
    searched.changes++;
    const marks = new DirectoryMarks(this.#context.env.now());
    const found = this.#find(marks.watch(forOneSearch), placeOf(container));
    const sources = found.flatMap(({ path }) => {
      const source = known.get(path) ?? this.#tryContainerSource(path, container, searched);
      return source === undefined ? [] : [source];
    });
    searched.found = new Map(sources.map((source) => [source.path, source]));
    if (found.length === 0) this.#tellRootProblem(container, files);
    // Where one could not be looked at, all are searched for again.
    searched.marks = sources.length === found.length ? marks : undefined;
    return sources;
  }

  #tellRootProblem(container: Container, files: ContainerFiles): void {
    const problem = container.state === "running" ? files.tryRootProblem() : undefined;
    if (problem !== undefined) this.#tellProblem(placeOf(container), problem);
  }

  #tryContainerSource(path: string, container: Container, searched: SearchedContainer): Source | undefined {
    const { files } = searched;
    try {
      const nodePath = files.tryNodePath(path);
      if (nodePath === undefined) return undefined;
      const watch = files.isDirect(path) ? searched : undefined;
      const tags = this.#tags(path, container);
      return { key: `file:${nodePath}`, path, files, watch, container, tags, start: this.#start(container) };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof InvariantError) throw error;
      this.#tellProblem(placeOf(container), `${path} cannot be looked at: ${error.message}`);
      return undefined;
    }
  }

  #tellProblem(where: string, problem: string): void {
    this.#context.log.throttled(`find ${where}`, `Files ${where}: ${problem}`);
  }

  /** A file that was rotated away from one that is wanted is read by whoever follows that one, as soon as it is there. */
  #find(files: ReadableFiles, where: string): FoundFile[] {
    const found = findFiles(this.#rule, files, (problem) => this.#tellProblem(where, problem));
    return found.filter(({ rotatedFrom }) => rotatedFrom === undefined);
  }

  /** What was not there at the first look is read from its first byte. */
  #start(container: Container | undefined): Source["start"] {
    const { startBytesBeforeEndMax, readsNewFilesWhole } = this.#options;
    const isNew = this.#lookedAt.has(container?.id ?? "");
    return isNew || readsNewFilesWhole ? "first" : startBytesBeforeEndMax ?? "first";
  }

  #newlySearched(container: Container): SearchedContainer {
    const { hostRoot, env } = this.#context;
    const searched: SearchedContainer = {
      files: new ContainerFiles(container, hostRoot, env.files),
      changes: 0,
      found: new Map(),
    };
    this.#searched.set(container, searched);
    return searched;
  }

  #tags(path: string, container: Container | undefined) {
    const { tagNames: names, containers } = this.#options;
    const { agentTags, userDefinedId } = this.#context;
    const external = containers?.externalTags ?? NO_EXTERNAL_TAGS;
    return fileTags({ path, container, userDefinedId }, { names, external, agentTags });
  }
}

function placeOf({ pod, name }: Container): string {
  return `in container ${pod?.name ?? name}`;
}
