import { assert, assertEquals } from "@std/assert";
import { DenoSocket } from "./deno_socket.ts";
import { watchSession } from "./sasl_session.ts";

/** A socket that is connected to somebody who says nothing, and what happens to it. */
async function connected(): Promise<{ socket: DenoSocket; events: string[]; closed: Promise<void> }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  const socket = await new Promise<DenoSocket>((resolve) => {
    const made: DenoSocket = new DenoSocket("127.0.0.1", listener.addr.port, () => resolve(made));
  });
  const events: string[] = [];
  socket.on("error", (error) => events.push(error.message));
  const connection = await accepted;
  listener.close();
  const closed = new Promise<void>((resolve) => socket.once("close", resolve)).then(() => connection.close());
  return { socket, events, closed };
}

Deno.test("a connection is retired shortly before its login ends, and closed when it ends", async () => {
  const { socket, events, closed } = await connected();
  watchSession(socket, 100, () => events.push(socket.destroyed ? "too late" : "retired"));
  const startMs = Date.now();
  await closed;
  assertEquals(events, ["retired", "the login has reached the end of the time that the broker gives it"]);
  assert(Date.now() - startMs >= 95);
});

Deno.test("a login that does not end, or not in a month, retires nothing, and closing leaves no timer behind", async () => {
  for (const lifetimeMs of [0, 2 ** 40]) {
    const { socket, events, closed } = await connected();
    watchSession(socket, lifetimeMs, () => events.push("retired"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    await closed;
    assertEquals(events, []);
  }
});

Deno.test("a socket that is closed already is not watched", async () => {
  const { socket, events, closed } = await connected();
  socket.destroy();
  await closed;
  watchSession(socket, 1, () => events.push("retired"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(events, []);
});
