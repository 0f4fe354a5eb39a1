/**
 * Rotation as others do it: what the kubelet and logrotate make of a log and of its older files, on real files.
 *
 * @module
 */
import { gzipSync } from "node:zlib";

/** Compresses a file as the kubelet does: aside, then under its name, then the plain one goes. @returns the new path. */
export function compressAsKubelet(path: string): string {
  Deno.writeFileSync(`${path}.tmp`, gzipSync(Deno.readFileSync(path)));
  Deno.renameSync(`${path}.tmp`, `${path}.gz`);
  Deno.removeSync(path);
  return `${path}.gz`;
}

/** Compresses a file as gzip and logrotate do: the new file keeps the time of the plain one. @returns the new path. */
export function compressAsGzip(path: string): string {
  const { mtime } = Deno.statSync(path);
  Deno.writeFileSync(`${path}.gz`, gzipSync(Deno.readFileSync(path)));
  Deno.utimeSync(`${path}.gz`, mtime!, mtime!);
  Deno.removeSync(path);
  return `${path}.gz`;
}

/** Rotates a log as logrotate does with `compress` and `delaycompress`: `1` is plain, those with higher numbers are older. */
export function rotateAsLogrotate(path: string): void {
  const names = new Set([...Deno.readDirSync(path.slice(0, path.lastIndexOf("/")))].map(({ name }) => name));
  const name = path.slice(path.lastIndexOf("/") + 1);
  let last = 1;
  while (names.has(`${name}.${last + 1}.gz`)) last++;
  for (let number = last; number > 1; number--) Deno.renameSync(`${path}.${number}.gz`, `${path}.${number + 1}.gz`);
  if (names.has(`${name}.1`)) {
    Deno.renameSync(`${path}.1`, `${path}.2`);
    compressAsGzip(`${path}.2`);
  }
  Deno.renameSync(path, `${path}.1`);
}
