import { assertEquals } from "@std/assert";
import { TailedScene } from "../../tests/support/tailed_scene.ts";
import { OpenedFile } from "./opened_file.ts";

/** A file with `text`, opened at `offset`. */
class OpenedScene implements Disposable {
  readonly #scene = new TailedScene();
  readonly file: OpenedFile;

  constructor(text: string, offset = 0) {
    this.#scene.append(text);
    this.file = new OpenedFile(this.#scene.env.files.tryOpen(this.#scene.path)!, offset);
  }

  append(text: string): void {
    this.#scene.append(text);
  }

  write(text: string): void {
    Deno.writeTextFileSync(this.#scene.path, text);
  }

  read(bytes = 100): string {
    const into = new Uint8Array(bytes);
    return new TextDecoder().decode(into.subarray(0, this.file.read(into)));
  }

  [Symbol.dispose](): void {
    this.file.close();
    this.file.close();
    this.#scene[Symbol.dispose]();
  }
}

Deno.test("what is behind the last complete line is news only when it has grown", () => {
  using scene = new OpenedScene("begun");
  assertEquals(scene.file.hasNews(5, 100), true);
  scene.file.wait(5);
  assertEquals([scene.file.incompleteSize, scene.file.hasNews(5, 100)], [5, false]);
  assertEquals([scene.file.hasNews(6, 100), scene.file.hasNews(0, 100)], [true, false]);
  assertEquals(scene.file.hasNews(3, 3), false, "a read that is too short to tell asks the file");
  scene.append("!");
  assertEquals(scene.file.hasNews(3, 3), true);
});

Deno.test("a file that holds less than was seen of it was cut", () => {
  using scene = new OpenedScene("begun");
  scene.file.wait(5);
  assertEquals([scene.file.hasLess(5, 100), scene.file.hasLess(4, 100), scene.file.hasLess(4, 4)], [
    false,
    true,
    false,
  ]);
});

Deno.test("a file that was written anew is told by its first bytes, and begun again", () => {
  using scene = new OpenedScene("old\n");
  scene.file.advance(4);
  scene.append("more\n");
  assertEquals(scene.file.isRewritten(), false);
  scene.write("new and longer\n");
  assertEquals(scene.file.isRewritten(), true);
  scene.file.restart();
  assertEquals([scene.file.offset, scene.file.isRewritten(), scene.read()], [0, false, "new and longer\n"]);
});

Deno.test("a file that was short when it was opened is known better when more of it is read", () => {
  using scene = new OpenedScene("ab");
  assertEquals(scene.file.identity.headBytes, 2);
  scene.append("cd");
  scene.file.advance(4);
  scene.read();
  assertEquals(scene.file.identity.headBytes, 4);
  assertEquals(scene.file.positionAt(3), { identity: scene.file.identity, offset: 3 });
});

for (const [offset, text] of [[0, "ab\ncd\n"], [1, "cd\n"], [2, "cd\n"], [3, "cd\n"], [4, ""], [6, ""]] as const) {
  Deno.test(`jumping to byte ${offset} goes on at the line that begins there or behind it`, () => {
    using scene = new OpenedScene("ab\ncd\n");
    scene.file.jumpToLine(offset);
    assertEquals(scene.read(), text);
  });
}

for (
  const [name, before, after, text] of [
    ["its newline", "cut", "\nnext\n", "next\n"],
    ["more of it", "cut", " and on\n", " and on\n"],
    ["an empty line behind a whole one", "whole\n", "\n", "\n"],
  ] as const
) {
  Deno.test(`going on where reading stopped before: ${name}`, () => {
    using scene = new OpenedScene(before + after);
    scene.file.resume(before.length);
    assertEquals(scene.read(), text);
  });
}
