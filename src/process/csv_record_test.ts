import { assertEquals } from "@std/assert";
import { seededRandom } from "../../tests/support/random.ts";
import { csvText, tryCsvRecord } from "./csv_record.ts";

const PLAIN = { separator: ",", trimsLeadingSpace: false };

Deno.test("a line is cut into its fields", () => {
  const cases: readonly [string, string[]][] = [
    ["", [""]],
    ["a", ["a"]],
    ["a,b", ["a", "b"]],
    [",", ["", ""]],
    ['"a,b",c', ["a,b", "c"]],
    ['"say ""hi""",', ['say "hi"', ""]],
    ['""', [""]],
    ['"a\r\nb",c', ["a\nb", "c"]],
    ["\n\r\na,b\r\n", ["a", "b"]],
    [" a, b", [" a", " b"]],
  ];
  for (const [line, fields] of cases) assertEquals(tryCsvRecord(line, PLAIN), fields, line);
  const trimming = { separator: ";", trimsLeadingSpace: true };
  assertEquals(tryCsvRecord(' a ;\t"b" ; c', trimming), undefined);
  assertEquals(tryCsvRecord(' a ;\t"b";  ', trimming), ["a ", "b", ""]);
});

Deno.test("a wrong quote or a second line is refused", () => {
  for (const line of ['a"b', '"a', '"a"b', '"a""', "a\nb", 'a,"b" ', ' "a"']) {
    assertEquals(tryCsvRecord(line, PLAIN), undefined, line);
  }
});

Deno.test("what is written is quoted where it must be", () => {
  assertEquals(csvText(["a", "b,c", 'd"e', "f\ng", " h", "", "\\."], ","), 'a,"b,c","d""e","f\ng"," h",,"\\."');
});

Deno.test("any fields come back as they went in", () => {
  const random = seededRandom("csv_record");
  for (let round = 0; round < 500; round++) {
    const fields = Array.from({ length: random.integer(2, 4) }, () => {
      return Array.from({ length: random.integer(0, 5) }, () => random.pick([...'a", \n;é'])).join("");
    });
    assertEquals(tryCsvRecord(csvText(fields, ","), PLAIN), fields, JSON.stringify(fields));
  }
});
