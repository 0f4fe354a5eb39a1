/**
 * Real pods that print numbered lines through a real runtime, as fast as it takes them, and the kubelet beside them: it rotates each log that
 * has reached its limit, and compresses older ones. Pods are removed, files are not, so what was printed can be counted in the end.
 *
 * @module
 */
import { TestContainerd, type TestPod } from "../containerd.ts";
import type { Random } from "../random.ts";
import { compressAsKubelet } from "../rotated_logs.ts";
import { addLines, chaosLines, LineCounts } from "./chaos_lines.ts";

const LINES_PER_BURST = 1000;
const LOOK_INTERVAL_MS = 25;
/** Of the rotated files of a log, so many newest are never compressed: the kubelet leaves one. */
const PLAIN_FILES = 2;
const STOP_ATTEMPTS = 20;
const STOP_INTERVAL_MS = 500;
/** The name of each pod's only container. */
export const CONTAINER = "main";
/** A file that a pod leaves beside its lines when all are printed. */
const DONE = "printed";

/** What is printed, and how logs are rotated. */
export interface ChaosLoad {
  /** Lines of all pods that live on, together. */
  readonly lines: number;
  /** For about how long they print. */
  readonly durationMs: number;
  readonly logBytesMax: number;
}

/** One pod. */
export interface ChaosPod {
  readonly pod: TestPod;
  /** Rotated files, oldest first. */
  readonly rotated: string[];
  /** Number of lines that it prints unless it is killed. */
  readonly lines: number;
  /** Those lines, a file a burst. */
  readonly directory: string;
  /** Whether it ends before the run does. */
  readonly isMortal: boolean;
  rotations: number;
  isOver: boolean;
}

/** The pods of one run, all with the label `app: chaos`. */
export class ChaosPods {
  rotations = 0;
  compressions = 0;
  deaths = 0;
  readonly #containerd: TestContainerd;
  readonly #load: ChaosLoad;
  readonly #random: Random;
  readonly #pods: ChaosPod[] = [];
  readonly #stop = new AbortController();
  #kubelet: Promise<void> = Promise.resolve();

  constructor(containerd: TestContainerd, load: ChaosLoad, random: Random) {
    this.#containerd = containerd;
    this.#load = load;
    this.#random = random;
  }

  /** Starts one that floods, and three that print less; and the kubelet. */
  async begin(): Promise<void> {
    const shares = [0.55, 0.25, 0.15, 0.05];
    for (const [index, share] of shares.entries()) await this.#run(`w${index}`, Math.round(this.#load.lines * share));
    this.#kubelet = this.#rotateOften();
  }

  /** Starts a pod that prints and ends by itself, unless it is killed while it prints. */
  async live(): Promise<ChaosPod> {
    const bursts = this.#random.integer(1, 20);
    return await this.#run(`m${this.deaths++}`, bursts * LINES_PER_BURST, this.#random.integer(0, 100));
  }

  /** Ends and removes a pod, so that nobody tells of it any more; its log stays, as it does until the kubelet deletes it. */
  async die(mortal: ChaosPod): Promise<void> {
    await pause(this.#random.integer(0, 1500));
    mortal.isOver = true;
    await remove(mortal.pod);
  }

  /** The pods print nothing any more, and their logs stay as they are. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#kubelet;
  }

  /** Whether those that live on have printed all of their lines. */
  get haveAllPrinted(): boolean {
    return this.#pods.every(({ isMortal, directory }) => isMortal || sizeOf(`${directory}/${DONE}`) >= 0);
  }

  /** What was printed: all lines of pods that live on, and of others what is in their logs, but for lines that a rotation has cut. */
  async printed(): Promise<LineCounts> {
    const counts = new LineCounts();
    for (const { pod, rotated, isMortal, lines } of this.#pods) {
      if (!isMortal) counts.addAll(pod.name, lines);
      else for (const path of [...rotated, pod.logPath(CONTAINER)]) await addLog(path, counts);
    }
    return counts;
  }

  async #run(writer: string, lines: number, burstMs?: number): Promise<ChaosPod> {
    const directory = await Deno.makeTempDir({ dir: this.#containerd.directory });
    const bursts = Math.ceil(lines / LINES_PER_BURST);
    for (let burst = 0; burst < bursts; burst++) {
      const from = burst * LINES_PER_BURST;
      const text = chaosLines(writer, from, Math.min(lines, from + LINES_PER_BURST));
      await Deno.writeTextFile(`${directory}/${String(burst).padStart(6, "0")}`, text);
    }
    const isMortal = burstMs !== undefined;
    const pauseMs = burstMs ?? this.#load.durationMs / bursts;
    const sleep = `usleep ${Math.round(1000 * pauseMs)}`;
    const script = `for f in /lines/*; do cat $f; ${sleep}; done; touch /lines/${DONE}${
      isMortal ? "" : "; sleep 100000"
    }`;
    const pod = await this.#containerd.runPod({
      name: writer,
      namespace: "default",
      labels: { app: "chaos" },
      containers: [{
        name: CONTAINER,
        command: ["/bin/sh", "-c", script],
        mounts: [{ hostPath: directory, containerPath: "/lines" }],
      }],
    });
    const chaosPod = { pod, rotated: [], lines, directory, isMortal, rotations: 0, isOver: false };
    this.#pods.push(chaosPod);
    return chaosPod;
  }

  async #rotateOften(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const pod of this.#pods) if (!pod.isOver && this.#isFull(pod)) await this.#rotate(pod);
      await pause(LOOK_INTERVAL_MS);
    }
  }

  #isFull({ pod }: ChaosPod): boolean {
    return sizeOf(pod.logPath(CONTAINER)) >= this.#load.logBytesMax;
  }

  /** As the kubelet: older files are compressed, the log is renamed, and the runtime told; where that fails, it has its name again. */
  async #rotate(chaosPod: ChaosPod): Promise<void> {
    const { pod, rotated } = chaosPod;
    if (this.#random.next() < 0.3) this.#compressOne(rotated);
    const path = pod.logPath(CONTAINER);
    // Several a second: the kubelet's own names would not tell them apart.
    const renamed = `${path}.20261123-${String(100_000 + chaosPod.rotations)}`;
    try {
      await Deno.rename(path, renamed);
    } catch {
      return;
    }
    try {
      await this.#containerd.admin.reopenContainerLog(pod.containerId(CONTAINER));
      chaosPod.rotations++;
      rotated.push(renamed);
      this.rotations++;
    } catch {
      // The container has just ended.
      if (sizeOf(path) < 0) await Deno.rename(renamed, path);
      else rotated.push(renamed);
    }
  }

  #compressOne(rotated: string[]): void {
    const index = rotated.findIndex((path) => !path.endsWith(".gz"));
    if (index < 0 || index >= rotated.length - PLAIN_FILES) return;
    rotated[index] = compressAsKubelet(rotated[index]);
    this.compressions++;
  }
}

/** As the kubelet: a runtime that fails because the container is just ending is asked again. */
async function remove(pod: TestPod): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await pod.remove();
    } catch (error) {
      if (attempt === STOP_ATTEMPTS) throw error;
      await pause(STOP_INTERVAL_MS);
    }
  }
}

async function addLog(path: string, counts: LineCounts): Promise<void> {
  const file = await Deno.open(path).catch(() => undefined);
  if (file === undefined) return;
  const plain = path.endsWith(".gz") ? file.readable.pipeThrough(new DecompressionStream("gzip")) : file.readable;
  await addLines(plain, counts);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return -1;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
