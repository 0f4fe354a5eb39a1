/**
 * Writes ustar archives in memory, as much as container images need: directories, files, symbolic links.
 * Format: https://www.gnu.org/software/tar/manual/html_node/Standard.html
 *
 * @module
 */

const BLOCK_BYTES = 512;

/** Collects entries; `finish` gives the archive's bytes. */
export class TarArchive {
  readonly #parts: Uint8Array[] = [];

  directory(path: string): void {
    this.#parts.push(header(`${path}/`, "5", 0o755, 0));
  }

  file(path: string, data: Uint8Array, mode = 0o755): void {
    const padding = new Uint8Array((BLOCK_BYTES - (data.length % BLOCK_BYTES)) % BLOCK_BYTES);
    this.#parts.push(header(path, "0", mode, data.length), data, padding);
  }

  link(path: string, target: string): void {
    this.#parts.push(header(path, "2", 0o777, 0, target));
  }

  finish(): Uint8Array<ArrayBuffer> {
    const parts = [...this.#parts, new Uint8Array(2 * BLOCK_BYTES)];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }
}

function header(path: string, type: string, mode: number, size: number, target = ""): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  const put = (offset: number, text: string) => void block.set(new TextEncoder().encode(text), offset);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0") + "\0";
  put(0, path);
  put(100, octal(mode, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(0, 11));
  put(148, " ".repeat(8));
  put(156, type);
  put(157, target);
  put(257, "ustar\x0000");
  put(148, octal(block.reduce((sum, byte) => sum + byte, 0), 6) + " ");
  return block;
}
