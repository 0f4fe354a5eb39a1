/**
 * The metadata that every record of a file carries, with the prefix and in the order of the walk-through's message of `input_file`.
 *
 * @module
 */
import type { Container } from "../core/container.ts";
import type { Tag } from "../core/source.ts";
import { type ExternalTagRules, externalTags, knownTags, ownTags, uniqueTags } from "./container_tags.ts";
import type { FileTagNames } from "./tag_options.ts";

const TAG_PREFIX = "__tag__:";
const USER_DEFINED_ID_NAME = "__user_defined_id__";

/** What the tags of a file are made of. */
export interface FileFacts {
  /** As whoever wrote the file sees it: inside its container. */
  readonly path: string;
  /** Undefined: a file of the node. */
  readonly container: Container | undefined;
  readonly userDefinedId: string;
}

/** What options say of the tags of a file. */
export interface FileTagRules {
  readonly names: FileTagNames;
  readonly external: ExternalTagRules;
  /** Those of the agent, which come last. */
  readonly agentTags: readonly Tag[];
}

/** Every tag of the records of a file that does not change while it is read; what is unknown is left out. */
export function fileTags(facts: FileFacts, { names, external, agentTags }: FileTagRules): readonly Tag[] {
  const { path, container, userDefinedId } = facts;
  const tags = uniqueTags([
    ...knownTags([[names.path, path], [USER_DEFINED_ID_NAME, userDefinedId]]),
    ...(container === undefined ? [] : tagsOfContainer(container, names, external)),
    ...agentTags,
  ]);
  return tags.map(([name, value]) => [TAG_PREFIX + name, value]);
}

/** The tag that names a file's inode, which changes when the file is replaced; undefined where none is wanted. */
export function tryInodeTag(inode: number, names: FileTagNames): Tag | undefined {
  return names.inode === undefined ? undefined : [TAG_PREFIX + names.inode, String(inode)];
}

function tagsOfContainer(container: Container, names: FileTagNames, external: ExternalTagRules): readonly Tag[] {
  const { image, name, pod, ip } = container;
  const known = knownTags([
    [names.ip, ip],
    [names.image, image],
    [names.container, name],
    [names.pod, pod?.name ?? ""],
    [names.namespace, pod?.namespace ?? ""],
    [names.podUid, pod?.uid ?? ""],
  ]);
  return [...known, ...externalTags(container, external), ...ownTags(container)];
}
