/**
 * Options that name tags: the section `Tags` and those that ask for a record's place in its file. A name `""` leaves a tag out,
 * `__default__` is its usual name.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/file_server/FileTagOptions.cpp
 *
 * @module
 */
import { DEFAULT_TAG_NAME } from "../core/global_options.ts";
import { refusedBecause } from "../core/option_notes.ts";
import { bool, type OptionType, section, text } from "../core/options.ts";
import { TAG_NAMES, type TagNames } from "./container_tags.ts";

/** Names of the tags of a container: usual, other, or `""` for none. */
export interface GivenContainerTagNames {
  readonly K8sNamespaceTagKey: string;
  readonly K8sPodNameTagKey: string;
  readonly K8sPodUidTagKey: string;
  readonly ContainerNameTagKey: string;
  readonly ContainerIpTagKey: string;
  readonly ContainerImageNameTagKey?: string;
  readonly ContainerImageTagKey?: string;
}

/** The tags and fields of a file's records that options name; without the prefix that tags of files have. */
export interface FileTagNames extends TagNames {
  /** `""`: no tag. */
  readonly path: string;
  /** The tag that holds the number of the file's inode; undefined: none. */
  readonly inode: string | undefined;
  /** The field that holds where in its file a record begins, as it is to appear in the record; undefined: none. */
  readonly offsetField: string | undefined;
}

const PATH_NAME = "__path__";
const INODE_NAME = "__inode__";
/** The only one whose usual name comes with the prefix of tags. */
const OFFSET_FIELD = "__tag__:__file_offset__";

const name = () => text().default(DEFAULT_TAG_NAME);

/** The parts of `Tags` that name what is known of a container. `ContainerImageTagKey` is how the original's manual calls it. */
function containerTagShape() {
  return {
    K8sNamespaceTagKey: name(),
    K8sPodNameTagKey: name(),
    K8sPodUidTagKey: name(),
    ContainerNameTagKey: name(),
    ContainerIpTagKey: name(),
    ContainerImageNameTagKey: text().optional(),
    ContainerImageTagKey: text().optional(),
  };
}

/** `Tags` of an input that reads the output of containers. */
export function containerTagSection() {
  return section({
    ...containerTagShape(),
    FilePathTagKey: noPlaceInFile(),
    FileInodeTagKey: noPlaceInFile(),
  }).transform(containerTagNames);
}

/** An option that asks for a record's place in its file, where the file is the runtime's and nobody's business. */
export function noPlaceInFile(): OptionType<unknown> {
  return refusedBecause("not supported: records of a container's output do not tell their place in a file");
}

/** `Tags`, `FileOffsetKey` and `AppendingLogPositionMeta` of an input that reads files. */
export function fileTagShape() {
  return {
    AppendingLogPositionMeta: bool().default(false),
    FileOffsetKey: text().optional(),
    Tags: section({ ...containerTagShape(), FilePathTagKey: name(), FileInodeTagKey: text().optional() }),
  };
}

/** What `fileTagShape` has read. */
export interface GivenFileTagOptions {
  readonly AppendingLogPositionMeta: boolean;
  readonly FileOffsetKey?: string;
  readonly Tags: GivenContainerTagNames & { readonly FilePathTagKey: string; readonly FileInodeTagKey?: string };
}

/** What holds where there are no such options. */
export const NO_TAG_OPTIONS: GivenFileTagOptions = {
  AppendingLogPositionMeta: false,
  Tags: {
    K8sNamespaceTagKey: DEFAULT_TAG_NAME,
    K8sPodNameTagKey: DEFAULT_TAG_NAME,
    K8sPodUidTagKey: DEFAULT_TAG_NAME,
    ContainerNameTagKey: DEFAULT_TAG_NAME,
    ContainerIpTagKey: DEFAULT_TAG_NAME,
    FilePathTagKey: DEFAULT_TAG_NAME,
  },
};

/** As in the original, `AppendingLogPositionMeta` counts only where neither place is named on its own. */
export function fileTagNames({ AppendingLogPositionMeta, FileOffsetKey, Tags }: GivenFileTagOptions): FileTagNames {
  const areNamed = FileOffsetKey !== undefined || Tags.FileInodeTagKey !== undefined;
  const otherwise = AppendingLogPositionMeta && !areNamed ? DEFAULT_TAG_NAME : "";
  return {
    ...containerTagNames(Tags),
    path: nameOf(Tags.FilePathTagKey, PATH_NAME),
    inode: nameOf(Tags.FileInodeTagKey ?? otherwise, INODE_NAME) || undefined,
    offsetField: nameOf(FileOffsetKey ?? otherwise, OFFSET_FIELD) || undefined,
  };
}

function containerTagNames(given: GivenContainerTagNames): TagNames {
  const image = given.ContainerImageNameTagKey ?? given.ContainerImageTagKey ?? DEFAULT_TAG_NAME;
  return {
    image: nameOf(image, TAG_NAMES.image),
    container: nameOf(given.ContainerNameTagKey, TAG_NAMES.container),
    pod: nameOf(given.K8sPodNameTagKey, TAG_NAMES.pod),
    namespace: nameOf(given.K8sNamespaceTagKey, TAG_NAMES.namespace),
    podUid: nameOf(given.K8sPodUidTagKey, TAG_NAMES.podUid),
    ip: nameOf(given.ContainerIpTagKey, TAG_NAMES.ip),
  };
}

function nameOf(given: string, usual: string): string {
  return given === DEFAULT_TAG_NAME ? usual : given;
}
