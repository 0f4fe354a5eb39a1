/** What the project uses of `@std/path`; the package comes without types. https://jsr.io/@std/path/doc */
export function join(...paths: string[]): string;
export function dirname(path: string): string;
export function relative(from: string, to: string): string;
export function fromFileUrl(url: string | URL): string;
