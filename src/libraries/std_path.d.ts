/**
 * What the project uses of `@std/path`, whose package comes without types. See https://github.com/denoland/std for each.
 *
 * @module
 */
export function join(...paths: string[]): string;
export function dirname(path: string): string;
export function relative(from: string, to: string): string;
export function fromFileUrl(url: string | URL): string;
