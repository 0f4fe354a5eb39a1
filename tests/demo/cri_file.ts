/**
 * A container's log as containerd writes it: `time stream tag text`, tag `F` for a whole line or the last piece of one, `P` for
 * an earlier piece. Format: https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md
 *
 * @module
 */
import { dirname } from "@std/path";

const OFFSET_MS = 8 * 60 * 60 * 1000;

/** An open log that lines are appended to. It is closed with the process. */
export class CriFile {
  readonly #path: string;
  #file: Deno.FsFile;

  /** Makes the directories and an empty file at `path`. */
  constructor(path: string) {
    this.#path = path;
    Deno.mkdirSync(dirname(path), { recursive: true });
    this.#file = openForAppending(path);
  }

  /** Writes a whole line, or the last piece of one. */
  writeLine(stream: "stdout" | "stderr", text: string): void {
    this.#append(stream, "F", text);
  }

  /** Writes the first half of `text` as a piece that another follows. @returns the other half. */
  writeFirstPiece(stream: "stdout" | "stderr", text: string): string {
    const middle = Math.floor(text.length / 2);
    this.#append(stream, "P", text.slice(0, middle));
    return text.slice(middle);
  }

  /** Renames the file as the kubelet does, and begins a new one. */
  rotate(): void {
    const stamp = new Date().toISOString().replaceAll(/[-:]|\..*/g, "").replace("T", "-");
    this.#file.close();
    Deno.renameSync(this.#path, `${this.#path}.${stamp}`);
    this.#file = openForAppending(this.#path);
  }

  #append(stream: string, tag: string, text: string): void {
    const bytes = new TextEncoder().encode(`${timeText(Date.now())} ${stream} ${tag} ${text}\n`);
    for (let written = 0; written < bytes.length;) written += this.#file.writeSync(bytes.subarray(written));
  }
}

function openForAppending(path: string): Deno.FsFile {
  return Deno.openSync(path, { append: true, create: true });
}

/** Nanoseconds and an offset that is not UTC, as on a node in Shanghai. */
function timeText(nowMs: number): string {
  return new Date(nowMs + OFFSET_MS).toISOString().replace("Z", "593653+08:00");
}
