/**
 * Kernels and sources for tests and benchmarks of the data plane.
 *
 * @module
 */
import type { Source } from "../../src/core/source.ts";
import { compileKernel, Kernel } from "../../src/kernel/kernel.ts";
import type { KernelLimits } from "../../src/kernel/layout.ts";

const module = compileKernel();

/** A kernel with the agent's default limits, or others. */
export function testKernel(limits: Partial<KernelLimits> = {}): Kernel {
  return new Kernel(module, { lineBytesMax: 512 * 1024, batchBytesMax: 1_000_000, slots: 4, rowsMax: 4096, ...limits });
}

/** The tags of the walk-through's nginx pod, in its order. */
export const NGINX_SOURCE: Source = {
  key: "nginx",
  path: "/var/log/pods/default_nginx/nginx/0.log",
  start: "first",
  tags: [
    ["_image_name_", "docker.io/library/nginx:latest"],
    ["_container_name_", "nginx"],
    ["_pod_name_", "nginx-76d49876c7-r892w"],
    ["_namespace_", "default"],
    ["_pod_uid_", "07f75a79-da69-40ac-ae2b-77a632929cc6"],
    ["_container_ip_", "10.223.0.154"],
  ],
};

/** One containerd line of an nginx access log, newline included, numbered so that lines differ. */
export function nginxLine(number: number): string {
  const second = String(number % 60).padStart(2, "0");
  const nanos = String((number * 7919) % 1_000_000_000).padStart(9, "0");
  return `2022-07-13T23:45:${second}.${nanos}+08:00 stdout F 10.0.${
    number % 256
  }.7 - - [13/Jul/2022:15:45:${second} +0000] ` +
    `"GET /hello/ilogtail/${number} HTTP/1.1" 404 153 "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36" "-"\n`;
}
