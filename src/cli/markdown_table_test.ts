import { assertEquals } from "@std/assert";
import { markdownTable } from "./markdown_table.ts";

Deno.test("columns are as wide as their widest cell, blanks around cells are taken away", () => {
  assertEquals(markdownTable(["a", "long head"], [["longer", ""], ["→", " x "]]), [
    "| a      | long head |",
    "| ------ | --------- |",
    "| longer |           |",
    "| →      | x         |",
  ]);
});

Deno.test("a rule has three dashes at least, and | in a cell does not end it", () => {
  assertEquals(markdownTable(["a"], [["|"]]), ["| a   |", "| --- |", "| \\|  |"]);
});
