/**
 * `sluice schema`: a JSON Schema of pipeline files, for editors. It takes what the program takes: a reference to the environment in
 * place of any scalar, and words in any case. It knows options by their declared case only, so that an editor completes them.
 * Source: https://json-schema.org/draft-07/schema
 *
 * @module
 */
import { describeOptions, type OptionDescription } from "../config/describe.ts";
import { PIPELINE_KEYS } from "../config/pipeline_keys.ts";
import { AGGREGATORS } from "../config/validate_unused.ts";
import { globalOptions } from "../core/global_options.ts";
import type { OptionFacts } from "../core/option_facts.ts";
import type { PluginDeclaration, PluginKind } from "../core/plugin.ts";
import { tryMeaning } from "./option_meanings.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const REFERENCE = "\\$\\{";
const SCALAR: JsonSchema = { type: ["string", "number", "boolean"] };
const BOOLEAN_WORDS = ["true", "false", "yes", "no", "on", "off", "y", "n"];

/** @returns the schema of pipeline files with these plugins. */
export function pipelineSchema(plugins: readonly PluginDeclaration[]): JsonSchema {
  const parts: Readonly<Record<string, JsonSchema>> = {
    enable: booleanSchema(),
    createTime: integerSchema({ kind: "integer", wanted: "", min: 0 }),
    global: { ...optionsSchema("global", describeOptions(globalOptions())), type: ["object", "null"] },
    inputs: { ...listSchema("input", plugins), minItems: 1 },
    processors: { ...listSchema("processor", plugins), type: ["array", "null"] },
    flushers: { ...listSchema("flusher", plugins), minItems: 1 },
    aggregators: { type: ["array", "null"], maxItems: 1, items: { properties: { Type: typeSchema(AGGREGATORS) } } },
    extensions: { type: ["array", "null"] },
  };
  const keys = Object.entries(PIPELINE_KEYS).map(([key, description]) => [key, { description, ...parts[key] }]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sluice pipeline",
    type: "object",
    properties: Object.fromEntries(keys),
    required: ["inputs", "flushers"],
    additionalProperties: false,
  };
}

function listSchema(kind: PluginKind, plugins: readonly PluginDeclaration[]): JsonSchema {
  const ofKind = plugins.filter((plugin) => plugin.kind === kind);
  const names = ofKind.flatMap(({ name, aliases }) => [name, ...aliases]);
  const allOf = ofKind.map((plugin) => {
    const Type = typeSchema([plugin.name, ...plugin.aliases]);
    return { if: { properties: { Type }, required: ["Type"] }, then: pluginSchema(plugin) };
  });
  return {
    type: "array",
    items: { type: "object", required: ["Type"], properties: { Type: typeSchema(names) }, allOf },
  };
}

/** A plugin's name, and perhaps an instance's behind a slash. */
function typeSchema(names: readonly string[]): JsonSchema {
  return { anyOf: [{ enum: names }, { type: "string", pattern: `^(${names.join("|")})/` }] };
}

function pluginSchema({ name, summary, options }: PluginDeclaration): JsonSchema {
  const { properties, ...schema } = optionsSchema(name, describeOptions(options()));
  return { description: summary, ...schema, properties: { Type: {}, ...properties as JsonSchema } };
}

function optionsSchema(owner: string, options: readonly OptionDescription[]): JsonSchema {
  const named = options.map((option) => [nameOf(option), optionSchema(owner, option)] as const);
  const required = options.filter(({ isRequired }) => isRequired).map(nameOf);
  return {
    type: "object",
    properties: Object.fromEntries(named),
    ...required.length > 0 ? { required } : {},
    additionalProperties: false,
  };
}

function nameOf({ path }: OptionDescription): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function optionSchema(owner: string, option: OptionDescription): JsonSchema {
  const { path, facts, parts, note, otherwise, meaning } = option;
  const value = parts ? optionsSchema(owner, parts) : facts ? valueSchema(facts) : {};
  const description = [note, meaning ?? tryMeaning(owner, path)].filter((text) => text !== undefined).join(": ");
  // What is left open counts as not given.
  const open = option.isRequired || Object.keys(value).length === 0 ? value : { anyOf: [value, { type: "null" }] };
  const hasDefault = ["string", "number", "boolean"].includes(typeof otherwise) && facts?.kind !== "duration";
  return { ...description ? { description } : {}, ...hasDefault ? { default: otherwise } : {}, ...open };
}

function valueSchema(facts: OptionFacts): JsonSchema {
  switch (facts.kind) {
    case "boolean":
      return booleanSchema();
    case "integer":
      return integerSchema(facts);
    case "choice":
      return { anyOf: [{ enum: facts.words }, wordsPattern(facts.words ?? [])] };
    case "duration":
      return { anyOf: [{ type: "integer", minimum: 0 }, { type: "string" }] };
    case "list":
      return { anyOf: [{ type: "array", items: SCALAR }, SCALAR] };
    case "items":
      return { type: "array" };
    case "map":
      return { type: "object", additionalProperties: { anyOf: [SCALAR, { type: "null" }] } };
    case "text":
      return SCALAR;
  }
}

function booleanSchema(): JsonSchema {
  return { anyOf: [{ type: "boolean" }, wordsPattern(BOOLEAN_WORDS)] };
}

function integerSchema({ min, max }: OptionFacts): JsonSchema {
  const limits = { ...min === undefined ? {} : { minimum: min }, ...max === undefined ? {} : { maximum: max } };
  return { anyOf: [{ type: "integer", ...limits }, { type: "string", pattern: `^[+-]?\\d+$|${REFERENCE}` }] };
}

/** These words in any case of letters, or a text with a reference to the environment. */
function wordsPattern(words: readonly string[]): JsonSchema {
  const anyCase = (word: string) => {
    return word.replaceAll(/[A-Za-z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  };
  return { type: "string", pattern: `^(${words.map(anyCase).join("|")})$|${REFERENCE}` };
}
