/** @module */
import { assertEquals, assertRejects } from "@std/assert";
import { createServer, type ServerResponse } from "node:http";
import { getLines, getText, HttpStatusError } from "./unix_http.ts";

/** Serves one answer on a socket of its own. */
async function serve(answer: (response: ServerResponse) => void) {
  const socketPath = `${await Deno.makeTempDir()}/http.sock`;
  const server = createServer((_request, response) => answer(response));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(socketPath, () => resolve());
  await promise;
  const close = Promise.withResolvers<void>();
  return {
    socketPath,
    async [Symbol.asyncDispose]() {
      server.close(() => close.resolve());
      server.closeAllConnections();
      await close.promise;
    },
  };
}

const NEVER = new AbortController().signal;
const PAUSE_MS = 20;

/** Writes pieces so that they arrive one by one. */
async function writeSlowly(response: ServerResponse, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  response.end();
}

Deno.test("text arrives whole, however it was cut on the way", async () => {
  const bytes = new TextEncoder().encode("für 日本\n");
  const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
  await using server = await serve((response) => void writeSlowly(response, pieces));
  assertEquals(await getText(server.socketPath, "/", NEVER), "für 日本\n");
});

Deno.test("lines arrive one by one, and one that is too long is cut", async () => {
  const texts = ["a", "\r\n\nb", "c\n", "0123456", "789\nend\n", "rest without an end"];
  const pieces = texts.map((text) => new TextEncoder().encode(text));
  await using server = await serve((response) => void writeSlowly(response, pieces));
  const seen: string[] = [];
  const reader = { onOpen: () => void seen.push("(open)"), onLine: (line: string) => void seen.push(line) };
  await getLines(server.socketPath, "/", NEVER, reader, 5);
  assertEquals(seen, ["(open)", "a\r", "", "bc", "01234", "end"]);
});

Deno.test("another status than 200 is an error with the server's reason, for text and lines", async () => {
  await using server = await serve((response) => response.writeHead(503).end("come back later\n"));
  const reader = { onOpen: () => {}, onLine: () => {} };
  for (
    const call of [
      () => getText(server.socketPath, "/list?all=1", NEVER),
      () => getLines(server.socketPath, "/list?all=1", NEVER, reader),
    ]
  ) {
    const error = await assertRejects(call, HttpStatusError, "/list answered 503 come back later");
    assertEquals(error.status, 503);
  }
});

Deno.test("an answer that breaks off, and a socket without anyone, are errors that say so", async () => {
  await using server = await serve((response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  await assertRejects(() => getText(server.socketPath, "/", NEVER), Error);
  await assertRejects(() => getText(`${server.socketPath}.none`, "/", NEVER), Error, "ENOENT");
  await Deno.writeTextFile(`${server.socketPath}.file`, "");
  await assertRejects(() => getText(`${server.socketPath}.file`, "/", NEVER), Error, "ECONNREFUSED");
});

Deno.test("an abort ends the call and its connection, before the answer and in the middle of it", async () => {
  for (const begins of [false, true]) {
    const gone = Promise.withResolvers<void>();
    const abort = new AbortController();
    await using server = await serve((response) => {
      response.on("close", () => gone.resolve());
      if (begins) response.write("half");
      setTimeout(() => abort.abort(new Error("enough")), PAUSE_MS);
    });
    await assertRejects(() => getText(server.socketPath, "/", abort.signal), Error);
    await gone.promise;
  }
});
