/**
 * The command line: which commands and options there are and what they say. Each command does its work elsewhere.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import type { AgentOptions } from "../core/agent_options.ts";
import { makeDenoEnv } from "../core/deno_env.ts";
import { tryNearest } from "../config/suggest.ts";
import { dockerSocketPaths, engineContainerdPaths, runtimeSocketPaths } from "../discover/socket_paths.ts";
import { plugins } from "../plugins.ts";
import { checkConfig } from "./check.ts";
import { addDeadLetters } from "./dead_letters.ts";
import { narrowWritePermission } from "./permissions.ts";
import { referenceText } from "./reference.ts";
import {
  type Flags,
  resolveConfigPath,
  resolveOptions,
  SETTINGS,
  type Surroundings,
  UsageError,
} from "./resolve_options.ts";
import { pipelineSchema } from "./schema.ts";
import { versionLine } from "./version.ts";

/** The exit code for a configuration or a command line that makes no sense. */
const EXIT_USAGE = 2;

const EXAMPLES = `
Examples:
  sluice check k8s/                             what is wrong in these files, if anything
  sluice --stdout --config nginx.yaml           try a pipeline out: records appear here, none is sent
  sluice containers --why                       which containers are collected, and why the others are not
  sluice dead-letters replay --to spare         send what Kafka has refused again, to another topic
  sluice --config /etc/sluice --checkpoint /var/lib/sluice

Records go to standard output only with --stdout or flusher_stdout; messages go to standard error.
Every option can also be given by the environment variable in brackets.`;

/**
 * Parses `args` and does what they ask.
 *
 * @param signal aborts when the process is told to stop.
 * @param address that of the module that called; the agent's other threads begin there.
 * @returns the exit code: 0 is good, 2 is a mistake in configuration or command line.
 */
export async function runCommandLine(args: readonly string[], signal: AbortSignal, address = ""): Promise<number> {
  let exitCode = 0;
  const program = makeProgram(signal, address, (code) => exitCode = code);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (!(error instanceof UsageError)) throw error;
    console.error(`error: ${error.message}`);
    return EXIT_USAGE;
  }
}

function makeProgram(signal: AbortSignal, address: string, exit: (code: number) => void): Command {
  const program = new Command("sluice")
    .description("Collects the logs of this node's containers and delivers them to Kafka.")
    .exitOverride().showSuggestionAfterError().showHelpAfterError("Try: sluice --help")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ getOutHasColors: () => false, getErrHasColors: () => false })
    .addHelpText("after", EXAMPLES);
  for (const { flag, variables, fallback, description } of Object.values(SETTINGS)) {
    const otherwise = fallback === "" ? "" : `; default ${fallback}`;
    program.option(flag, `${description} [${variables.join(", ")}${otherwise}]`);
  }
  addRun(program, signal, address, exit);
  addCheck(program, exit);
  addContainers(program);
  const resolve = (command: Command) => resolveOptions(command.optsWithGlobals<Flags>(), makeSurroundings());
  addDeadLetters(program, { resolve, signal, exit });
  program.command("reference")
    .description("print every plugin and option as Markdown")
    .action(() => console.log(referenceText(plugins)));
  program.command("schema")
    .description("print a JSON Schema of pipeline files, for editors")
    .action(() => console.log(JSON.stringify(pipelineSchema(plugins), null, 2)));
  program.command("version").description("print the version").action(() => console.log(versionLine()));
  return program;
}

function addRun(program: Command, signal: AbortSignal, address: string, exit: (code: number) => void): void {
  const run = program.command("run", { isDefault: true })
    .description("collect and deliver until told to stop (the default)")
    .option("--stdout", "print records to standard output instead of sending them")
    .allowExcessArguments();
  run.action(async (_options, command: Command) => {
    if (command.args.length > 0) refuseCommand(program, command.args[0]);
    const options = resolveOptions(command.optsWithGlobals<Flags>(), makeSurroundings());
    const { runAgent } = await import("../agent.ts");
    exit(await runAgent(options, signal, address, (written) => keepOnlyNeededPermissions(options, written)));
  });
}

function addCheck(program: Command, exit: (code: number) => void): void {
  program.command("check")
    .description("say what is wrong in pipeline files, without running them; exit code 2 if something is")
    .argument("[paths...]", "pipeline files, directories of them, or Kubernetes manifests; default: --config")
    .action((paths: string[], _options, command: Command) => {
      const configPath = resolveConfigPath(command.optsWithGlobals<Flags>(), makeSurroundings());
      const { files, tryVariable } = makeDenoEnv();
      const report = checkConfig(paths.length > 0 ? paths : [configPath], plugins, files, tryVariable);
      for (const line of [...report.processorLines, ...report.lines]) console.log(line);
      exit(report.isGood ? 0 : EXIT_USAGE);
    });
}

function addContainers(program: Command): void {
  program.command("containers")
    .description("list this node's containers and the pipelines that collect them")
    .option("--why", "say of every container why it is collected or not")
    .option("--json", "write JSON: an array of all containers")
    .action(async (flags: { why?: boolean; json?: boolean }, command: Command) => {
      const options = resolveOptions(command.optsWithGlobals<Flags>(), makeSurroundings());
      await keepOnlyNeededPermissions(options, []);
      const { showContainers } = await import("../agent.ts");
      const text = await showContainers(options, { why: flags.why ?? false, json: flags.json ?? false });
      await makeDenoEnv().writeStdout(new TextEncoder().encode(text));
    });
}

/** Commander hands an unknown command to the default one as its argument. */
function refuseCommand(program: Command, name: string): never {
  const suggestion = tryNearest(name, program.commands.map((command) => command.name()));
  const hint = suggestion === undefined ? "" : `\n(Did you mean ${suggestion}?)`;
  return program.error(`error: unknown command '${name}'${hint}`);
}

function makeSurroundings(): Surroundings {
  return {
    tryVariable: (name) => Deno.env.get(name),
    isDirectory: (path) => makeDenoEnv().files.tryStat(path)?.kind === "directory",
  };
}

/** @param written directories that pipelines write to. */
function keepOnlyNeededPermissions(options: AgentOptions, written: readonly string[]): Promise<void> {
  const { checkpointDirectory, hostRoot, containerdSocket, dockerSocket } = options;
  const containerdPaths = runtimeSocketPaths(hostRoot, containerdSocket ?? "");
  const dockerPaths = dockerSocketPaths(hostRoot, dockerSocket ?? "");
  const directories = [checkpointDirectory, ...written];
  const sockets = [...containerdPaths, ...dockerPaths, ...engineContainerdPaths(hostRoot)];
  return narrowWritePermission({ directories, sockets });
}
