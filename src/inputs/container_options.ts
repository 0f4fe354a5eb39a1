/**
 * Options of the inputs that know containers, by the names of `input_file` and `input_container_stdio`: which containers, and which of
 * their labels and variables become tags. What stands in the wrong place or has no effect is an error here: the original
 * overlooks it, and collects too much.
 * Source: https://github.com/alibaba/loongcollector/blob/main/core/container_manager/ContainerDiscoveryOptions.cpp
 *
 * @module
 */
import type * as z from "zod";
import type { StringMap } from "../core/container.ts";
import {
  containerFilter,
  type ContainerFilterOptions,
  containerFilterShape,
  isFiltering,
} from "../core/filter_options.ts";
import { belongsUnder, ignoredYet } from "../core/option_notes.ts";
import { type OptionType, section, textMap } from "../core/options.ts";
import type { ExternalTagRules } from "./container_tags.ts";

/** Which containers are wanted, and what of them becomes tags. */
export interface ContainerOptions {
  readonly filter: ContainerFilterOptions;
  readonly externalTags: ExternalTagRules;
}

/** `ContainerFilters`, the external tags and `CollectingContainersMeta`. */
export function containerShape() {
  return {
    ContainerFilters: section(containerFilterShape()).transform(containerFilter),
    ExternalK8sLabelTag: externalTagMap(),
    ExternalEnvTag: externalTagMap(),
    CollectingContainersMeta: ignoredYet(),
    ...misplacedFilters("ContainerFilters"),
  };
}

/** Labels or variables of a container → names of tags; none when left out. */
export function externalTagMap(): OptionType<StringMap> {
  return textMap().superRefine((names, context) => {
    for (const key of Object.keys(names).filter((key) => names[key] === "")) {
      context.addIssue({ code: "custom", path: [key], message: "must be a tag's name, not empty" });
    }
  }).default({});
}

/** The options that choose containers, each refused because it belongs into a section. */
export function misplacedFilters(sectionName: string): Readonly<Record<string, OptionType<unknown>>> {
  return Object.fromEntries(Object.keys(containerFilterShape()).map((name) => [name, belongsUnder(sectionName)]));
}

/** What `containerShape` has read. */
export interface GivenContainerOptions {
  readonly ContainerFilters: ContainerFilterOptions;
  readonly ExternalK8sLabelTag: ExternalTagRules["k8sLabelTag"];
  readonly ExternalEnvTag: ExternalTagRules["envTag"];
}

/** A label or variable that a container does not have gives no tag, as in the original. */
export function containerOptions(given: GivenContainerOptions): ContainerOptions {
  const { ContainerFilters, ExternalEnvTag, ExternalK8sLabelTag } = given;
  return {
    filter: ContainerFilters,
    externalTags: { envTag: ExternalEnvTag, k8sLabelTag: ExternalK8sLabelTag, missing: "omit" },
  };
}

/** Reports the options that need `EnableContainerDiscovery`. */
export function refuseContainerOptions(given: GivenContainerOptions, context: z.RefinementCtx): void {
  const asked = {
    ContainerFilters: isFiltering(given.ContainerFilters),
    ExternalK8sLabelTag: Object.keys(given.ExternalK8sLabelTag).length > 0,
    ExternalEnvTag: Object.keys(given.ExternalEnvTag).length > 0,
  };
  for (const [name, isAsked] of Object.entries(asked)) {
    const message = "has no effect without EnableContainerDiscovery: true";
    if (isAsked) context.addIssue({ code: "custom", path: [name], message });
  }
}
