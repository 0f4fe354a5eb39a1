/**
 * Ends what a test's daemons left behind: processes whose command line names the test's own directory, what these have started (a
 * container's processes outlive its shim), and mounts below it.
 *
 * @module
 */

/** Kills every process whose command line holds `directory`, and all that it has started; waits until they are gone. */
export async function killProcessesNaming(directory: string): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    const pids = await pidsNaming(directory);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch { /* It ended between the look and the kill. */ }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Unmounts everything below `directory`, the deepest first. */
export async function unmountBelow(directory: string): Promise<void> {
  const lines = (await Deno.readTextFile("/proc/self/mounts")).split("\n");
  const points = lines.map((line) => line.split(" ")[1] ?? "").filter((point) => point.startsWith(`${directory}/`));
  for (const point of points.sort().reverse()) {
    await new Deno.Command("umount", { args: ["-l", point], stdout: "null", stderr: "null" }).output();
  }
}

async function pidsNaming(directory: string): Promise<number[]> {
  const pids: number[] = [];
  const parents = new Map<number, number>();
  for await (const entry of Deno.readDir("/proc")) {
    const pid = Number(entry.name);
    if (!Number.isInteger(pid) || pid === Deno.pid) continue;
    const [command, stat] = await Promise.all(["cmdline", "stat"].map((name) => readOf(pid, name)));
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]));
    if (command.includes(directory)) pids.push(pid);
  }
  // Later ones are appended while their parents are gone through.
  for (const pid of pids) {
    pids.push(
      ...[...parents].filter(([child, parent]) => parent === pid && !pids.includes(child)).map(([child]) => child),
    );
  }
  return pids;
}

/** Empty where the process has ended. */
function readOf(pid: number, name: string): Promise<string> {
  return Deno.readTextFile(`/proc/${pid}/${name}`).catch(() => "");
}
