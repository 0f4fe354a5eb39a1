/**
 * The keys of a pipeline file, and what each is for. A table.
 *
 * @module
 */

/** The keys at the top of a pipeline file → what they are for. */
export const PIPELINE_KEYS: Readonly<Record<string, string>> = {
  enable: "`false` switches the pipeline off; `true` otherwise",
  createTime: "seconds since 1970; where two pipelines want the same file and may not share it, the older one gets it",
  global: "what holds for all records, see below",
  inputs: "what is read: a list of inputs, at least one",
  processors: "what becomes of the records, in this order: a list of processors",
  aggregators: "no effect: at most one of the original's",
  flushers: "where the records go: a list of flushers, at least one",
  extensions: "no effect: no plugin here uses one",
  version: "no effect",
};
