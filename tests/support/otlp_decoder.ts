/**
 * The OpenTelemetry Collector's own decoder, built from its Go module by the program in `otlp_decoder/`.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { hasProgram } from "./requirement.ts";

/** One log record as the Collector sees it. */
export interface CollectorRecord {
  readonly Resource: Readonly<Record<string, string>>;
  readonly Scope: string;
  /** Nanoseconds since the epoch. */
  readonly Time: string;
  readonly ObservedTime: string;
  /** `Str` of a text, `Empty` where there is none. */
  readonly BodyType: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** What the Collector makes of a message. */
export interface CollectorAnswer {
  readonly Records: readonly CollectorRecord[];
  /** Why it refuses the message; empty: it does not. */
  readonly Error: string;
}

/** How a message is written. */
export type OtlpEncoding = "json" | "protobuf";

const DIRECTORY = fromFileUrl(new URL("otlp_decoder", import.meta.url));

/** @returns whether the decoder can be built here: Go and its modules, from its cache or its proxy. */
export async function canBuildOtlpDecoder(): Promise<boolean> {
  if (!hasProgram("go")) return false;
  const { success } = await new Deno.Command("go", { args: ["mod", "download"], cwd: DIRECTORY }).output();
  return success;
}

/** The decoder as a program in a directory of its own. */
export class OtlpDecoder implements AsyncDisposable {
  readonly #directory = Deno.makeTempDirSync();

  /** @throws {Error} with the compiler's messages when it cannot be built. */
  static async build(): Promise<OtlpDecoder> {
    const decoder = new OtlpDecoder();
    const args = ["build", "-o", decoder.#program, "."];
    const { success, stderr } = await new Deno.Command("go", { args, cwd: DIRECTORY }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return decoder;
  }

  /** Decodes messages, in order. */
  async decode(encoding: OtlpEncoding, messages: readonly (string | Uint8Array)[]): Promise<CollectorAnswer[]> {
    const child = new Deno.Command(this.#program, { stdin: "piped", stdout: "piped" }).spawn();
    const output = child.output();
    const writer = child.stdin.getWriter();
    for (const message of messages) await writer.write(new TextEncoder().encode(`${encoding} ${base64(message)}\n`));
    await writer.close();
    const lines = new TextDecoder().decode((await output).stdout).trimEnd().split("\n");
    return lines.map((line): CollectorAnswer => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }

  get #program(): string {
    return `${this.#directory}/otlp_decoder`;
  }
}

function base64(message: string | Uint8Array): string {
  const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
