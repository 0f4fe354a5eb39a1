import { assertEquals } from "@std/assert";
import { makeDenoEnv } from "../core/deno_env.ts";
import { ProcessorTrial, refusals } from "../../tests/support/processing.ts";
import { ProcessorDictMap, processorDictMapOptionsFrom } from "./processor_dict_map.ts";
import { ProcessorGrok, processorGrokOptionsFrom } from "./processor_grok.ts";

const { files } = makeDenoEnv();
const dictMapOptions = processorDictMapOptionsFrom(files);
const grokOptions = processorGrokOptionsFrom(files);

/** Runs `body` in a directory with these files. */
function inDirectory(texts: Readonly<Record<string, string>>, body: (directory: string) => void): void {
  const directory = Deno.makeTempDirSync();
  try {
    for (const [name, text] of Object.entries(texts)) Deno.writeTextFileSync(`${directory}/${name}`, text);
    body(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** What is wrong with a dictionary of this text; the file's name is left out. */
function dictionaryProblems(text: string, more: object = {}): string[] {
  let problems: string[] = [];
  inDirectory({ "d.csv": text }, (directory) => {
    const given = { SourceKey: "s", DictFilePath: `${directory}/d.csv`, ...more };
    problems = refusals(dictMapOptions, given).map((one) => one.replace(` (${directory}/d.csv)`, ""));
  });
  return problems;
}

Deno.test("processor_dict_map: DictFilePath: the dictionary is a file of CSV, which MapDict gives way to", () => {
  const text = '1,one\n"2","two, ""too"""\r\n\n"3","a\nb"\n1,one\n4,';
  inDirectory({ "d.csv": text }, (directory) => {
    const given = { SourceKey: "s", DictFilePath: `${directory}/d.csv`, MapDict: { "9": "nine" } };
    const trial = new ProcessorTrial(ProcessorDictMap, dictMapOptions, given);
    const values = trial.run(...["1", "2", "3", "4", "9"].map((value) => [["s", value]] as const));
    assertEquals(values.map(([[, value]]) => value), ["one", 'two, "too"', "a\nb", "", "9"]);
  });
});

Deno.test("processor_dict_map: DictFilePath: everything that is wrong in the file is told at once", () => {
  assertEquals(dictionaryProblems('1,one\n2\n3,a,b\n4,"x"y\n1,uno\n'), [
    "DictFilePath: line 2 must have two fields, a value and its translation",
    "DictFilePath: line 3 must have two fields, a value and its translation",
    "DictFilePath: line 4 must have two fields, a value and its translation",
    'DictFilePath: line 5 translates "1" again, to another text',
  ]);
  assertEquals(dictionaryProblems('1,one\n"2,two\n3,three\n'), [
    "DictFilePath: line 2 must have two fields, a value and its translation",
  ]);
  assertEquals(dictionaryProblems("\n"), ["DictFilePath: must not be empty"]);
  assertEquals(dictionaryProblems("1,a\n2,b\n3,c", { MaxDictSize: "2" }), [
    "DictFilePath: has 3 words, more than MaxDictSize allows",
  ]);
});

Deno.test("a file with a thousand faults is told of twenty times", () => {
  assertEquals(dictionaryProblems("1,one\n" + "x\n".repeat(1000)).length, 20);
});

Deno.test("a file that is not there or is none is told", () => {
  inDirectory({}, (directory) => {
    assertEquals(refusals(dictMapOptions, { SourceKey: "s", DictFilePath: `${directory}/none` }), [
      `DictFilePath: there is no such file (${directory}/none)`,
    ]);
    assertEquals(refusals(dictMapOptions, { SourceKey: "s", DictFilePath: directory }), [
      `DictFilePath: there is no such file (${directory})`,
    ]);
  });
});

Deno.test("a file that is too large, or cannot be read, is told", () => {
  const huge = { ...files, tryStat: () => ({ ...fileStat(), size: 2 ** 40 }) };
  assertEquals(refusals(processorDictMapOptionsFrom(huge), { SourceKey: "s", DictFilePath: "/d" }), [
    "DictFilePath: must be a file of at most 16777216 bytes, not 1099511627776 (/d)",
  ]);
  const broken = {
    ...huge,
    tryStat: fileStat,
    tryReadText: () => {
      throw new Error("Input/output error (os error 5)");
    },
  };
  assertEquals(refusals(processorDictMapOptionsFrom(broken), { SourceKey: "s", DictFilePath: "/d" }), [
    "DictFilePath: cannot be read: Input/output error (os error 5) (/d)",
  ]);
});

function fileStat() {
  return { device: 1, inode: 1, size: 1, modifiedMs: 0, kind: "file" } as const;
}

Deno.test("processor_grok: CustomPatternDir: patterns of all files of a directory, and of single files", () => {
  const texts = { "10-a": '# comment\n" another\n\nPET cat|dog\nNAME %{PET}-x\n', "20-b": "PET  fox \r\n" };
  inDirectory(texts, (directory) => {
    Deno.mkdirSync(`${directory}/..data`);
    const run = (more: object) => {
      const given = { Match: ["%{NAME:n}"], KeepSource: "false", ...more };
      return new ProcessorTrial(ProcessorGrok, grokOptions, given).run([["content", "dog-x"]], [["content", "fox-x"]]);
    };
    assertEquals(run({ CustomPatternDir: [directory] }), [[["content", "dog-x"]], [["n", "fox-x"]]]);
    assertEquals(run({ CustomPatternDir: `${directory}/10-a` }), [[["n", "dog-x"]], [["content", "fox-x"]]]);
    const both = run({ CustomPatternDir: [directory], CustomPatterns: { PET: "dog|fox" } });
    assertEquals(both, [[["n", "dog-x"]], [["n", "fox-x"]]]);
  });
});

Deno.test("processor_grok: CustomPatternDir: everything that is wrong is told at once", () => {
  inDirectory({ a: "ONE x\nTWO\n THREE y\n", b: "FOUR \n" }, (directory) => {
    const given = { Match: ["%{FIVE}"], CustomPatternDir: ["/nowhere", directory] };
    assertEquals(refusals(grokOptions, given), [
      "CustomPatternDir.0: there is no such file (/nowhere)",
      `CustomPatternDir.1: line 2 must be a name and a pattern (${directory}/a)`,
      `CustomPatternDir.1: line 3 must be a name and a pattern (${directory}/a)`,
      `CustomPatternDir.1: line 1 must be a name and a pattern (${directory}/b)`,
      "Match.0: not a usable grok expression: there is no pattern FIVE",
    ]);
  });
});
