/**
 * Takes one member out of a ZIP archive in memory: enough of the format for a Python wheel, so that building needs no unzip.
 * Stored and deflated members only; no ZIP64, no encryption. Whether the bytes are the wanted ones is for the caller's checksum.
 *
 * @module
 */
import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY_BYTES = 22;
const DIRECTORY_ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  readonly headerOffset: number;
}

/**
 * Extracts the member called `name`.
 *
 * @throws {Error} when `archive` is no ZIP archive, holds no such member, or packs it in an unknown way.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function extractMember(archive: Uint8Array, name: string): Uint8Array {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  for (const entry of directory(archive, view)) {
    if (entry.name === name) return unpack(archive, view, entry);
  }
  throw new Error(`Cannot extract "${name}": the archive has no such member`);
}

function* directory(archive: Uint8Array, view: DataView): Generator<Entry> {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw new Error("Cannot read the archive: its directory is damaged");
    }
    const nameBytes = view.getUint16(at + 28, true);
    const nameStart = at + DIRECTORY_ENTRY_BYTES;
    yield {
      name: new TextDecoder().decode(archive.subarray(nameStart, nameStart + nameBytes)),
      method: view.getUint16(at + 10, true),
      compressedBytes: view.getUint32(at + 20, true),
      headerOffset: view.getUint32(at + 42, true),
    };
    at = nameStart + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

/** Searches backwards, because a comment of unknown length may follow the record. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - END_OF_DIRECTORY_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw new Error("Cannot read the archive: it is no ZIP file");
}

function unpack(archive: Uint8Array, view: DataView, entry: Entry): Uint8Array {
  const nameBytes = view.getUint16(entry.headerOffset + 26, true);
  const extraBytes = view.getUint16(entry.headerOffset + 28, true);
  const start = entry.headerOffset + LOCAL_HEADER_BYTES + nameBytes + extraBytes;
  const packed = archive.subarray(start, start + entry.compressedBytes);
  if (entry.method === STORED) return packed;
  if (entry.method === DEFLATED) return inflateRawSync(packed);
  throw new Error(`Cannot extract "${entry.name}": its packing method ${entry.method} is unknown`);
}
