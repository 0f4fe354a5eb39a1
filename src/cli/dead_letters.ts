/**
 * `sluice dead-letters`: its subcommands and options, and what they exit with. What they do is in the files whose names begin as this
 * one's; those are loaded when they are needed.
 *
 * @module
 */
import type { Command } from "commander";
import { formatProblem } from "../config/problem.ts";
import { loadPipelines } from "../config/validate.ts";
import type { AgentOptions } from "../core/agent_options.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import { tryTopicFault } from "../deliver/kafka/topic_pattern.ts";
import { createLog } from "../observe/log.ts";
import { plugins } from "../plugins.ts";
import { DeadLettersError, type LetterFilter } from "./dead_letters_file.ts";
import { narrowWritePermission } from "./permissions.ts";
import { UsageError } from "./resolve_options.ts";

/** The exit code when letters that were meant are left. */
const EXIT_LEFT = 1;
/** The exit code for a configuration or a command line that makes no sense. */
const EXIT_USAGE = 2;
const SHOWN_BY_DEFAULT = "10";
const DESCRIPTION = "show, send again or drop the records that Kafka has refused for good";

/** What the commands need of the command line around them. */
export interface DeadLettersSurroundings {
  /** The settings that a command was called with. @throws {UsageError} when they make no sense. */
  resolve(command: Command): AgentOptions;
  /** Aborts when the process is told to stop. */
  readonly signal: AbortSignal;
  exit(code: number): void;
}

interface FilterFlags {
  readonly topic?: string;
  readonly reason?: string;
}

interface ShowFlags extends FilterFlags {
  readonly limit: string;
  readonly json?: boolean;
}

interface ReplayFlags extends FilterFlags {
  readonly to?: string;
}

interface DropFlags extends FilterFlags {
  readonly yes?: boolean;
}

/** Adds the command to `program`. */
export function addDeadLetters(program: Command, surroundings: DeadLettersSurroundings): void {
  const letters = program.command("dead-letters").description(DESCRIPTION);
  const { resolve, exit } = surroundings;
  letters.command("list", { isDefault: true })
    .description("count them by topic and reason (the default)")
    .option("--json", "write JSON")
    .action((flags: { json?: boolean }, command: Command) =>
      ending(exit, () => list(resolve(command), flags.json ?? false))
    );
  withFilter(letters.command("show"))
    .description("print them, the oldest first")
    .option("--limit <count>", "so many at most", SHOWN_BY_DEFAULT)
    .option("--json", "write the lines of the file as they are, messages whole")
    .action((flags: ShowFlags, command: Command) => ending(exit, () => show(resolve(command), flags)));
  withFilter(letters.command("replay"))
    .description("send them again, as the flushers of --config say; exit code 1 if some are left")
    .option("--to <topic>", "send them to this topic instead of their own")
    .action((flags: ReplayFlags, command: Command) =>
      ending(exit, () => replay(resolve(command), flags, surroundings.signal))
    );
  withFilter(letters.command("drop"))
    .description("remove them for good")
    .option("--yes", "do it, rather than say how many it would be")
    .action((flags: DropFlags, command: Command) => ending(exit, () => drop(resolve(command), flags)));
}

function withFilter(command: Command): Command {
  return command.option("--topic <topic>", "only those for this topic")
    .option("--reason <text>", "only those with this text in their reason");
}

/** Calls `exit` with what `action` says, or with what its failure means. */
async function ending(exit: (code: number) => void, action: () => Promise<number>): Promise<void> {
  try {
    exit(await action());
  } catch (error) {
    // A full or read-only disk is no bug either; its errors have a code.
    if (!(error instanceof DeadLettersError || (error instanceof Error && "code" in error))) throw error;
    console.error(`error: ${error.message}`);
    exit(EXIT_LEFT);
  }
}

async function list({ checkpointDirectory, hostIp }: AgentOptions, json: boolean): Promise<number> {
  const { listLetters } = await import("./dead_letters_list.ts");
  const env = makeDenoEnv(hostIp);
  await env.writeStdout(new TextEncoder().encode(listLetters(checkpointDirectory, env.files, json)));
  return 0;
}

async function show({ checkpointDirectory, hostIp }: AgentOptions, flags: ShowFlags): Promise<number> {
  const { showLetters } = await import("./dead_letters_list.ts");
  const env = makeDenoEnv(hostIp);
  const options = { ...filterOf(flags), limit: parseLimit(flags.limit), json: flags.json ?? false };
  for (const text of showLetters(checkpointDirectory, env.files, options)) {
    await env.writeStdout(new TextEncoder().encode(text));
  }
  return 0;
}

async function replay(options: AgentOptions, flags: ReplayFlags, signal: AbortSignal): Promise<number> {
  const { checkpointDirectory: directory, configPath, hostIp, logLevel } = options;
  const env = makeDenoEnv(hostIp);
  const log = createLog(logLevel, env);
  const { pipelines, problems } = loadPipelines(configPath, plugins, env.files, env.tryVariable);
  for (const problem of problems) if (problem.severity === "error") log.warn(formatProblem(problem));
  if (pipelines.length === 0) {
    throw new UsageError(`no pipeline in ${configPath} can run: --config says where they are`);
  }
  await keepWritable(directory);
  const { replayLetters } = await import("./dead_letters_replay.ts");
  const order = { directory, filter: filterOf(flags), to: parseTopic(flags.to), pipelines };
  const { lines, isDone } = await replayLetters(order, { env, log, signal });
  for (const line of lines) console.log(line);
  return isDone ? 0 : EXIT_LEFT;
}

async function drop({ checkpointDirectory, hostIp }: AgentOptions, flags: DropFlags): Promise<number> {
  const { dropLetters, measureLetters } = await import("./dead_letters_drop.ts");
  const env = makeDenoEnv(hostIp);
  const filter = filterOf(flags);
  if (!flags.yes) {
    const { count } = measureLetters(checkpointDirectory, filter, env);
    console.error(`${count} would be dropped: --yes does it`);
    return EXIT_USAGE;
  }
  await keepWritable(checkpointDirectory);
  console.log(`${await dropLetters(checkpointDirectory, filter, env)} dropped`);
  return 0;
}

function keepWritable(directory: string): Promise<void> {
  return narrowWritePermission({ directories: [directory], sockets: [] });
}

function filterOf({ topic, reason }: FilterFlags): LetterFilter {
  return { ...(topic !== undefined && { topic }), ...(reason !== undefined && { reason }) };
}

function parseTopic(name: string | undefined): string | undefined {
  const fault = name === undefined ? undefined : tryTopicFault(name);
  if (fault !== undefined) throw new UsageError(`--to: ${fault}`);
  return name;
}

function parseLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--limit must be a whole number, not "${text}"`);
}
