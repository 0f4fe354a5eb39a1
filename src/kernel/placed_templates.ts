/**
 * The templates that lie in a kernel's memory: those that rows need in turn stay there, so that a change from one to another costs nothing.
 *
 * @module
 */
import type { ColumnsPlace, Template } from "./template.ts";

/** Where a template may begin. */
const ALIGNMENT = 4;

/** The templates of one kernel. */
export class PlacedTemplates {
  readonly #memory: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #columns: ColumnsPlace;
  /** Those that nobody else needs any more are forgotten: a template takes kilobytes, and most sources are at rest. */
  #addresses = new WeakMap<Template, number>();
  #next: number;

  /** @param start aligned; @param bytes room for at least the largest template. */
  constructor(memory: Uint8Array, start: number, bytes: number, columns: ColumnsPlace) {
    this.#memory = memory;
    this.#start = start;
    this.#next = start;
    this.#end = start + bytes;
    this.#columns = columns;
  }

  /** The address of a template, until the next call. Where there is no room left, all others are forgotten. */
  place(template: Template): number {
    const known = this.#addresses.get(template);
    if (known !== undefined) return known;
    if (this.#next + template.bytes > this.#end) {
      this.#addresses = new WeakMap();
      this.#next = this.#start;
    }
    const address = this.#next;
    template.place(this.#memory, address, this.#columns);
    this.#addresses.set(template, address);
    this.#next = Math.ceil((address + template.bytes) / ALIGNMENT) * ALIGNMENT;
    return address;
  }
}
