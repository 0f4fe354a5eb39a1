/**
 * The compiler of the kernel; only for building.
 *
 * @module
 */
export * from "npm:assemblyscript@0.28.2/asc";
export { default } from "npm:assemblyscript@0.28.2/asc";
