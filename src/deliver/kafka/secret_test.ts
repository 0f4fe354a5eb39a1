import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readSecretFile, Secret, secret } from "./secret.ts";
import { SecurityError, type SecurityFiles } from "./security_error.ts";

const HIDDEN = "p4ssw0rd";

function filesWith(texts: Readonly<Record<string, string>>): SecurityFiles {
  return { tryReadText: (path) => texts[path] };
}

Deno.test("a secret is revealed as it was given, or as its file has it at that moment, without the last newline", () => {
  const texts: Record<string, string> = {};
  const cases: [given: string, file: string, expected: string][] = [
    [HIDDEN, "unused", HIDDEN],
    ["file:/p", HIDDEN, HIDDEN],
    ["file:/p", `${HIDDEN}\n`, HIDDEN],
    ["file:/p", `${HIDDEN}\r\n`, HIDDEN],
    ["file:/p", ` ${HIDDEN} \n\n`, ` ${HIDDEN} \n`],
  ];
  const fromFile = new Secret("file:/p");
  for (const [given, file, expected] of cases) {
    texts["/p"] = file;
    assertEquals(new Secret(given).reveal(filesWith(texts), "the password"), expected);
    assertEquals(fromFile.reveal(filesWith(texts), "the password"), given === HIDDEN ? "unused" : expected);
  }
});

Deno.test("a file that is missing, empty or locked is named, with what it is for", () => {
  const files: SecurityFiles = {
    tryReadText: (path) => {
      if (path === "/locked") throw new Error("Permission denied");
      return path === "/empty" ? "\n" : undefined;
    },
  };
  for (
    const [path, word] of [["/missing", "does not exist"], ["/empty", "is empty"], ["/locked", "Permission denied"]]
  ) {
    const error = assertThrows(() => readSecretFile(files, path, "the password of alice"), SecurityError, word);
    assertStringIncludes(error.message, `${path}, which should hold the password of alice`);
  }
});

Deno.test("nothing that prints a secret shows it", () => {
  const given = { password: new Secret(HIDDEN) };
  const shown = [
    JSON.stringify(given),
    `${given.password}`,
    String(given.password),
    Deno.inspect(given),
    Deno.inspect([given], { showHidden: true, depth: 9 }),
    Object.values(given.password).join(),
    JSON.stringify({ ...given }),
  ];
  for (const text of shown) assert(!text.includes(HIDDEN), text);
  assertEquals(String(given.password), "***");
  assertStringIncludes(Deno.inspect(given), "***");
});

Deno.test("as JSON, different secrets differ and the same are the same", () => {
  const [one, same, other] = ["a", "a", "b"].map((text) => JSON.stringify(new Secret(text)));
  assertEquals(one, same);
  assert(one !== other);
});

Deno.test("a configuration's secret is text or file:/path, and no problem shows what was given", () => {
  for (const good of [HIDDEN, "file:/p", "files are fine", " "]) assert(secret().safeParse(good).success, good);
  for (const bad of ["", `file:${HIDDEN}`, "file:", [HIDDEN], { [HIDDEN]: HIDDEN }, undefined]) {
    const result = secret().safeParse(bad);
    assertEquals(result.success, false);
    assert(!JSON.stringify(result.error?.issues).includes(HIDDEN));
  }
});
