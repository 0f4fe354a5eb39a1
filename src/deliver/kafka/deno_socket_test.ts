import { assertEquals, assertStringIncludes } from "@std/assert";
import { DenoSocket } from "./deno_socket.ts";

/** A server that takes one connection and hands it to `serve`. */
function listen(serve: (connection: Deno.TcpConn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = listener.accept().then(serve).finally(() => listener.close());
  return { port: listener.addr.port, served };
}

/** What a socket says about itself, in order. */
function record(socket: DenoSocket): { events: string[]; closed: Promise<void> } {
  const events: string[] = [];
  socket.on("data", (bytes) => events.push(`data ${new TextDecoder().decode(bytes)}`));
  socket.on("error", (error) => events.push(`error ${error.message}`));
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      events.push("close");
      resolve();
    });
  });
  return { events, closed };
}

Deno.test("writes arrive complete and in order, from WebAssembly memory too, and the owner is told of the progress", async () => {
  const size = 5_000_000;
  let received = 0;
  let last = 0;
  const { port, served } = listen(async (connection) => {
    for await (const bytes of connection.readable) {
      received += bytes.length;
      last = bytes[bytes.length - 1];
      if (received === size + 3) break;
    }
  });
  const memory = new Uint8Array(new WebAssembly.Memory({ initial: 100, maximum: 100 }).buffer, 0, size);
  const socket: DenoSocket = new DenoSocket("127.0.0.1", port, () => {
    socket.handOver({ onBytes: () => {}, onSent: () => progressed++ });
    socket.write(memory);
    socket.write(Uint8Array.of(1, 2, 3), "binary");
  });
  let progressed = 0;
  await served;
  assertEquals([received, last, progressed > 0], [size + 3, 3, true]);
  socket.end();
});

Deno.test("what comes in is emitted, and the other side's end closes", async () => {
  const { port, served } = listen(async (connection) => {
    await connection.write(new TextEncoder().encode("hello"));
    connection.close();
  });
  const socket = new DenoSocket("localhost", port, () => {});
  const { events, closed } = record(socket);
  await Promise.all([served, closed]);
  assertEquals(events, ["data hello", "close"]);
  assertEquals(socket.destroyed, true);
});

Deno.test("what comes in is the owner's from then on; what makes no sense to it closes the connection", async () => {
  const { port, served } = listen(async (connection) => {
    await connection.write(new TextEncoder().encode("a"));
    await connection.read(new Uint8Array(1));
    for (const text of ["b", "c"]) await connection.write(new TextEncoder().encode(text));
    await connection.read(new Uint8Array(1)).catch(() => {});
    connection.close();
  });
  const socket = new DenoSocket("127.0.0.1", port, () => {});
  const { events, closed } = record(socket);
  let owned = "";
  const onBytes = (bytes: Uint8Array) => {
    owned += new TextDecoder().decode(bytes);
    if (owned.endsWith("c")) throw new RangeError("no sense");
  };
  socket.once("data", () => {
    socket.handOver({ onBytes, onSent: () => {} });
    socket.write(Uint8Array.of(1));
  });
  await Promise.all([closed, served]);
  assertEquals([owned, ...events], ["bc", "data a", "error no sense", "close"]);
});

Deno.test("a refused connection is one error that names the address, then a close", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { events, closed } = record(new DenoSocket("127.0.0.1", port, () => {}));
  await closed;
  assertStringIncludes(events[0], `error 127.0.0.1:${port}: Connection refused`);
  assertEquals(events.slice(1), ["close"]);
});

Deno.test("destroy() while connecting gives its reason once and leaves nothing open", async () => {
  const { port, served } = listen(async (connection) => {
    await connection.read(new Uint8Array(1));
    connection.close();
  });
  const socket = new DenoSocket("127.0.0.1", port, () => {});
  const { events, closed } = record(socket);
  socket.destroy(new Error("enough"));
  socket.destroy(new Error("again"));
  await Promise.all([closed, served]);
  assertEquals(events, ["error enough", "close"]);
});

Deno.test("whoever writes after the end is told of the end again", async () => {
  const { port, served } = listen((connection) => Promise.resolve(connection.close()));
  const socket = new DenoSocket("127.0.0.1", port, () => {});
  const { events, closed } = record(socket);
  await Promise.all([served, closed]);
  socket.write(Uint8Array.of(1));
  assertEquals(events, ["close", "close"]);
});
