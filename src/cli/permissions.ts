/**
 * Gives up every permission to write that the agent does not need. The compiled program may write anywhere below `/`, because its
 * directories are settings; once they are known, only the checkpoint directory, those of flushers that write files and the runtime's sockets stay writable.
 *
 * Run with all permissions (`deno run -A`) nothing can be given up; that does no harm.
 *
 * @module
 */

/** What stays writable. A unix socket counts as written to by whoever connects. */
export interface WritablePaths {
  readonly directories: readonly string[];
  readonly sockets: readonly string[];
}

/** Narrows what this process may write to `paths`; from then on there is no way back. */
export async function narrowWritePermission({ directories, sockets }: WritablePaths): Promise<void> {
  const kept = [...directories, ...sockets].flatMap((path) => [path, resolveLinks(path)]);
  for (const path of new Set(kept)) await keep(path);
  await Deno.permissions.revoke({ name: "write", path: "/" });
}

/** Asks for what is granted already, which adds the narrower grant without a prompt; what is not granted is left alone. */
async function keep(path: string): Promise<void> {
  const descriptor = { name: "write", path } as const;
  const { state } = await Deno.permissions.query(descriptor);
  if (state === "granted") await Deno.permissions.request(descriptor);
}

/** Deno checks where a link leads, and `/var/run` is one: resolves as much of a path as is there. */
function resolveLinks(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    const cut = path.lastIndexOf("/");
    return cut <= 0 ? path : `${resolveLinks(path.slice(0, cut))}/${path.slice(cut + 1)}`.replace("//", "/");
  }
}
