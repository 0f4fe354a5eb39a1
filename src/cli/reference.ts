/**
 * `sluice reference`: every plugin and option as Markdown, from the declarations alone, so that it cannot differ from what the
 * program does. The README holds the same text.
 *
 * @module
 */
import { describeOptions, flattenOptions, type OptionDescription } from "../config/describe.ts";
import { PIPELINE_KEYS } from "../config/pipeline_keys.ts";
import { globalOptions } from "../core/global_options.ts";
import type { PluginDeclaration, PluginKind } from "../core/plugin.ts";
import { markdownTable } from "./markdown_table.ts";
import { tryMeaning } from "./option_meanings.ts";

const INTRODUCTION = [
  "## Reference",
  "Every plugin with all its options, as `sluice reference` prints it. `sluice schema` gives the same to an editor.",
];
const TITLES: Readonly<Record<PluginKind, string>> = {
  input: "Inputs",
  processor: "Processors",
  flusher: "Flushers",
};
/** That of `deno fmt` in this project. */
const LINE_WIDTH = 120;
const OPTION_HEAD = ["option", "takes", "default", "what it does"];

/** @returns the reference: blocks of Markdown, a blank line between them, no line end at the end. */
export function referenceText(plugins: readonly PluginDeclaration[]): string {
  const keys = Object.entries(PIPELINE_KEYS).map(([key, meaning]) => [code(key), meaning]);
  const blocks = [
    ...INTRODUCTION,
    "### Keys of a pipeline",
    tableText(["key", "what it is for"], keys),
    "### `global`",
    ...optionBlocks("global", describeOptions(globalOptions())),
    ...(Object.keys(TITLES) as PluginKind[]).flatMap((kind) => kindBlocks(kind, plugins)),
  ];
  return blocks.join("\n\n");
}

function kindBlocks(kind: PluginKind, plugins: readonly PluginDeclaration[]): readonly string[] {
  const ofKind = plugins.filter((plugin) => plugin.kind === kind);
  return [`### ${TITLES[kind]}`, ...ofKind.flatMap(pluginBlocks)];
}

function pluginBlocks({ name, aliases, summary, options }: PluginDeclaration): readonly string[] {
  const others = aliases.length === 0 ? "" : ` Also called ${aliases.map(code).join(", ")}.`;
  return [`#### ${code(name)}`, wrapText(`${summary}${others}`), ...optionBlocks(name, describeOptions(options()))];
}

/** What does as in the original is a row of the table; below it stands what does not, by what becomes of it. */
function optionBlocks(owner: string, options: readonly OptionDescription[]): readonly string[] {
  const all = flattenOptions(options);
  const rows = all.filter(({ note }) => note === undefined).map((option) => rowOf(owner, option));
  const table = rows.length === 0 ? [] : [tableText(OPTION_HEAD, rows)];
  const notes = new Set(all.flatMap(({ note }) => note ?? []));
  const items = [...notes].map((note) => {
    const names = all.filter((option) => option.note === note).map(({ path }) => code(path));
    return wrapText(`- ${upperFirst(note)}: ${names.join(", ")}.`, "  ");
  });
  return items.length === 0 ? table : [...table, items.join("\n")];
}

function rowOf(owner: string, option: OptionDescription): readonly string[] {
  const meaning = option.meaning ?? tryMeaning(owner, option.path) ?? "";
  return [code(option.path), takenText(option), defaultText(option), meaning];
}

function takenText({ facts, parts }: OptionDescription): string {
  if (parts !== undefined) return "a map of options";
  return facts?.words?.filter((word) => word !== "").map(code).join(" or ") ?? facts?.wanted ?? "anything";
}

function defaultText({ otherwise, isRequired, facts }: OptionDescription): string {
  if (isRequired) return "**required**";
  if (typeof otherwise === "number" && facts?.kind === "duration") return code(durationText(otherwise));
  if (typeof otherwise === "object" || otherwise === undefined || otherwise === "") return "";
  return /^\s|\s$/.test(String(otherwise)) ? code(JSON.stringify(otherwise)) : code(String(otherwise));
}

/** The largest unit that gives a whole number. */
function durationText(ms: number): string {
  const units = [[3_600_000, "h"], [60_000, "m"], [1000, "s"]] as const;
  const [unitMs, unit] = units.find(([unitMs]) => ms >= unitMs && ms % unitMs === 0) ?? [1, "ms"];
  return `${ms / unitMs}${unit}`;
}

function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(head, rows).join("\n");
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Breaks a text at blanks, as `deno fmt` does. */
function wrapText(text: string, indentation = ""): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= LINE_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(lines.length === 0 ? word : indentation + word);
  }
  return lines.join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
