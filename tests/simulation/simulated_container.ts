/**
 * A container whose output a runtime writes to files: whole lines, halves of lines and records in pieces, on two streams. The kubelet
 * renames the file, the runtime goes on in it for a moment and then makes a new one.
 *
 * @module
 */
import { invariant } from "../../src/core/assert.ts";
import type { Container } from "../../src/core/container.ts";
import type { Random } from "../support/random.ts";
import { HOST_ROOT } from "./simulated_agent.ts";
import type { Inode, SimulatedDisk } from "./simulated_disk.ts";
import { criLine, type LineName, type StreamName, textOf } from "./written_lines.ts";

/** A line in a file. */
export interface PlacedLine extends LineName {
  /** The offset behind its newline. */
  readonly end: number;
}

/** One of the files that the output went to. */
export interface LogFile {
  readonly inode: Inode;
  readonly inodeNumber: number;
  path: string;
  readonly lines: PlacedLine[];
  isDeleted: boolean;
  /** Records that begin in this file and end in the next one. */
  cut: readonly LineName[];
}

/** What a container does. */
export interface ContainerPlan {
  readonly id: string;
  readonly group: string;
  readonly createdMs: number;
  /** Whether lines are written in halves and records in pieces. */
  readonly writesParts: boolean;
  /** Whether a rotation may come between the pieces of a record. */
  readonly rotationCuts: boolean;
}

/** A container and its log. */
export class SimulatedContainer {
  readonly id: string;
  /** Oldest first. */
  readonly files: LogFile[] = [];
  state: "running" | "exited" = "running";
  /** Whether it was found. */
  isTold = false;
  /** Whether the runtime has none of that name any more. */
  isRemoved = false;
  readonly #plan: ContainerPlan;
  readonly #disk: SimulatedDisk;
  readonly #random: Random;
  readonly #now: () => number;
  readonly #logPath: string;
  readonly #counts: Record<StreamName, number> = { stdout: 0, stderr: 0 };
  /** The pieces to come of records that were begun. */
  readonly #pieces: Record<StreamName, string[]> = { stdout: [], stderr: [] };
  /** The rest of a line, and the stream whose record it ends, if it does. */
  #half: { readonly rest: string; readonly ends: StreamName | undefined } | undefined;
  #rotations = 0;
  #isReopening = false;

  constructor(plan: ContainerPlan, disk: SimulatedDisk, random: Random, now: () => number) {
    this.id = plan.id;
    this.#plan = plan;
    this.#disk = disk;
    this.#random = random;
    this.#now = now;
    this.#logPath = `/var/log/pods/default_${plan.id}-1_uid-${plan.id}/main/0.log`;
    this.#open();
  }

  /** The key of its source. */
  get key(): string {
    return `${this.id}:${this.#logPath}`;
  }

  get createdMs(): number {
    return this.#plan.createdMs;
  }

  /** As a runtime describes it. */
  get description(): Container {
    const { id, group, createdMs } = this.#plan;
    return {
      id,
      runtime: "containerd",
      name: "main",
      image: "image",
      state: this.state,
      createdMs,
      labels: {},
      env: {},
      pod: { name: `${id}-1`, namespace: "default", uid: `uid-${id}`, labels: { app: group } },
      ip: "",
      hostName: "",
      pid: this.state === "running" ? 1 : 0,
      logPath: this.#logPath,
      logDriver: "cri",
      mounts: [],
      rootPaths: [],
    };
  }

  get lines(): readonly PlacedLine[] {
    return this.files.flatMap(({ lines }) => lines);
  }

  /** The files that have been renamed and are still there. */
  get rotated(): readonly LogFile[] {
    return this.files.slice(0, -1).filter(({ isDeleted }) => !isDeleted);
  }

  /** Writes something: a line, a part of one, or the rest of one. */
  write(): void {
    if (this.#half !== undefined) return this.#put(this.#half.rest.length);
    const stream = this.#random.pick(["stdout", "stdout", "stderr"] as const);
    const pieces = this.#pieces[stream];
    if (pieces.length > 0) return this.#putPiece(stream);
    const text = textOf({ writer: this.#writerOf(stream), number: this.#counts[stream] });
    const isWhole = !this.#plan.writesParts || this.#random.next() < 0.8;
    const cuts = isWhole ? [] : [this.#random.integer(1, text.length - 1)];
    pieces.push(...cuts.map((cut) => text.slice(0, cut)), text.slice(cuts[0] ?? 0));
    this.#putPiece(stream);
  }

  /** Ends what was begun. */
  finishLines(): void {
    while (this.#isInside) {
      if (this.#half !== undefined) this.#put(this.#half.rest.length);
      for (const stream of ["stdout", "stderr"] as const) {
        if (this.#half === undefined && this.#pieces[stream].length > 0) this.#putPiece(stream);
      }
    }
  }

  /** The kubelet renames the file. @returns whether `reopen` is to be called; it does nothing where something must not be cut. */
  rotate(): boolean {
    if (this.#isUncut || this.#isReopening) return false;
    const number = String(this.#rotations++).padStart(6, "0");
    const file = this.#current;
    const path = `${file.path}.20261123-${number}`;
    this.#disk.rename(file.path, path);
    file.path = path;
    return this.#isReopening = true;
  }

  /** The runtime goes on in a new file. @returns false while it is in the middle of what must not be cut. */
  reopen(): boolean {
    if (this.#isUncut) return false;
    if (!this.#isReopening) return true;
    this.#isReopening = false;
    this.#current.cut = this.#begun;
    this.#open();
    return true;
  }

  delete(file: LogFile): void {
    file.isDeleted = true;
    this.#disk.remove(file.path);
  }

  get #isInside(): boolean {
    return this.#half !== undefined || this.#pieces.stdout.length > 0 || this.#pieces.stderr.length > 0;
  }

  /** Whether something is being written that no rotation may cut: a line always, a record in some worlds. */
  get #isUncut(): boolean {
    return this.#half !== undefined || (this.#isInside && !this.#plan.rotationCuts);
  }

  /** Records of which some pieces are still to come. */
  get #begun(): readonly LineName[] {
    const streams = (["stdout", "stderr"] as const).filter((stream) => this.#pieces[stream].length > 0);
    return streams.map((stream) => ({ writer: this.#writerOf(stream), number: this.#counts[stream] }));
  }

  get #current(): LogFile {
    const file = this.files.at(-1);
    invariant(file !== undefined, "a container has a log");
    return file;
  }

  #open(): void {
    const path = HOST_ROOT + this.#logPath;
    const inode = this.#disk.create(path);
    this.files.push({ inode, inodeNumber: inode.number, path, lines: [], isDeleted: false, cut: [] });
  }

  #writerOf(stream: StreamName): string {
    return `${this.id}:${stream}`;
  }

  #putPiece(stream: StreamName): void {
    const pieces = this.#pieces[stream];
    const piece = pieces.shift()!;
    const line = criLine(stream, pieces.length > 0 ? "P" : "F", piece);
    const isWhole = !this.#plan.writesParts || this.#random.next() < 0.9;
    this.#half = { rest: line, ends: pieces.length > 0 ? undefined : stream };
    this.#put(isWhole ? line.length : this.#random.integer(1, line.length - 1));
  }

  /** Writes the next `size` bytes of the line that is under way. */
  #put(size: number): void {
    const { inode, lines } = this.#current;
    const { rest, ends } = this.#half!;
    inode.append(new TextEncoder().encode(rest.slice(0, size)), this.#now());
    this.#half = size < rest.length ? { rest: rest.slice(size), ends } : undefined;
    if (this.#half !== undefined || ends === undefined) return;
    lines.push({ writer: this.#writerOf(ends), number: this.#counts[ends]++, end: inode.size });
  }
}
