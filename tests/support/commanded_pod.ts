/**
 * A pod whose container does what a test tells it, one script after the other: files inside it change when the test wants, and by a
 * process of the container.
 *
 * @module
 */
import { TestContainerd, type TestContainerOptions, type TestPod } from "./containerd.ts";
import { eventually } from "./sluice.ts";

const DIRECTORY = "/commands";
const LOOP = `while :; do
  if [ -e ${DIRECTORY}/run ]; then sh ${DIRECTORY}/run; rm ${DIRECTORY}/run; touch ${DIRECTORY}/done; fi
  usleep 20000
done`;

/** A pod of one container, both of the same name. */
export class CommandedPod {
  readonly pod: TestPod;
  readonly #directory: string;

  private constructor(pod: TestPod, directory: string) {
    this.pod = pod;
    this.#directory = directory;
  }

  /** @param options what the container has beside its command. */
  static async run(
    containerd: TestContainerd,
    name: string,
    options: Pick<TestContainerOptions, "mounts" | "env"> & { readonly labels?: Readonly<Record<string, string>> } = {},
  ): Promise<CommandedPod> {
    const directory = await Deno.makeTempDir({ dir: containerd.directory });
    const mounts = [...options.mounts ?? [], { hostPath: directory, containerPath: DIRECTORY }];
    const command = ["/bin/sh", "-c", LOOP];
    const pod = await containerd.runPod({
      name,
      namespace: "default",
      labels: options.labels,
      containers: [{ name, command, mounts, env: options.env }],
    });
    return new CommandedPod(pod, directory);
  }

  /** Has the container run a shell script; resolves when it is done. */
  async execute(script: string): Promise<void> {
    await Deno.writeTextFile(`${this.#directory}/new`, script);
    await Deno.rename(`${this.#directory}/new`, `${this.#directory}/run`);
    await eventually(
      "the container is done",
      () => Deno.remove(`${this.#directory}/done`).then(() => true, () => false),
    );
  }

  /** Has the container append numbered lines to a file, `from` to `to` exclusively. */
  append(path: string, writer: string, from: number, to: number): Promise<void> {
    const print = `awk 'BEGIN { for (n = ${from}; n < ${to}; n++) print "${writer} " n }'`;
    return this.execute(`mkdir -p $(dirname ${path}); ${print} >>${path}`);
  }
}
