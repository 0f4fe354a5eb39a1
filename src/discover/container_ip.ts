/**
 * A container's address where the runtime does not tell it: the container's hosts file, then the node's address for what uses
 * the node's network.
 *
 * @module
 */
import type { Mount } from "../core/container.ts";
import type { Env } from "../core/env.ts";

/** What is known of the container whose address is wanted. */
export interface AddressClues {
  readonly hostName: string;
  /** True when the runtime says that it uses the node's network. */
  readonly hostNetwork: boolean;
  readonly mounts: readonly Mount[];
}

/**
 * Finds the address.
 *
 * @param hostRoot where the node's file system is mounted, without a slash at its end
 * @returns an address, or "" when there is no clue.
 */
export function findContainerIp(clues: AddressClues, env: Env, hostRoot: string): string {
  const hosts = clues.mounts.find((mount) => mount.destination === "/etc/hosts");
  const text = hosts === undefined ? undefined : tryReadText(env, hostRoot + hosts.source);
  const ip = text === undefined ? undefined : tryFindInHosts(text, clues.hostName);
  if (ip !== undefined) return ip;
  return clues.hostNetwork || (clues.hostName !== "" && clues.hostName === env.hostName) ? env.hostIp : "";
}

/**
 * Looks a host name up in the text of a hosts file (https://man7.org/linux/man-pages/man5/hosts.5.html). Loopback addresses, which
 * a node's own file has for its name, say nothing about the container.
 */
export function tryFindInHosts(text: string, hostName: string): string | undefined {
  if (hostName === "") return undefined;
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
  return lines.find(([ip, ...names]) => names.includes(hostName) && !isLoopback(ip))?.[0];
}

/** Reads a file that may be missing or forbidden. */
export function tryReadText(env: Env, path: string): string | undefined {
  try {
    return env.files.tryReadText(path);
  } catch {
    return undefined;
  }
}

function isLoopback(ip: string): boolean {
  return ip.startsWith("127.") || ip === "::1";
}
