/**
 * Every input, processor and flusher, in one array: what is not here does not exist. A plugin is its declaration (name and options)
 * and how it is made from them.
 *
 * @module
 */
import type { Input } from "./core/input.ts";
import { definePlugin, type PluginDeclaration } from "./core/plugin.ts";
import { flushers } from "./flusher_plugins.ts";
import { fileLogOptions } from "./inputs/file_log.ts";
import { InputContainerStdio } from "./inputs/input_container_stdio.ts";
import { inputContainerStdioOptions } from "./inputs/input_container_stdio_options.ts";
import type { InputContext } from "./inputs/input_context.ts";
import { InputFile } from "./inputs/input_file.ts";
import { inputFileOptions } from "./inputs/input_file_options.ts";
import { ServiceDockerStdout } from "./inputs/service_docker_stdout.ts";
import { serviceDockerStdoutOptions } from "./inputs/service_docker_stdout_options.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { processors } from "./processor_plugins.ts";

/** An input and how to make it from options that its schema has produced. */
export interface InputPlugin extends PluginDeclaration {
  readonly create: (options: unknown, context: InputContext) => Input<Kernel>;
}

function input<Options>(
  declaration: PluginDeclaration<Options>,
  create: (options: Options, context: InputContext) => Input<Kernel>,
): InputPlugin {
  return { ...declaration, create: (options, context) => create(options as Options, context) };
}

/** All inputs. */
export const inputs: readonly InputPlugin[] = [
  input(
    definePlugin({
      kind: "input",
      name: "service_docker_stdout",
      aliases: [],
      summary: "Standard output and error of containers.",
      options: serviceDockerStdoutOptions,
    }),
    (options, context) => new ServiceDockerStdout(options, context),
  ),
  input(
    definePlugin({
      kind: "input",
      name: "input_container_stdio",
      aliases: [],
      summary: "Standard output and error of containers, with the options of version 2.",
      options: inputContainerStdioOptions,
    }),
    (options, context) => new InputContainerStdio(options, context),
  ),
  input(
    definePlugin({
      kind: "input",
      name: "input_file",
      aliases: [],
      summary: "Text files, of the node or inside containers.",
      options: inputFileOptions,
    }),
    (options, context) => new InputFile(options, context),
  ),
  input(
    definePlugin({
      kind: "input",
      name: "file_log",
      aliases: [],
      summary: "`input_file` by its options of before version 2.",
      options: fileLogOptions,
    }),
    (options, context) => new InputFile(options, context),
  ),
];

export { flushers };

/** All declarations, for the configuration and the reference. */
export const plugins: readonly PluginDeclaration[] = [...inputs, ...processors, ...flushers];
