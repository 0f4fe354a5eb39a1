import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { certificatesRequirement, TestCertificates } from "../../../tests/support/certificates.ts";
import { needs } from "../../../tests/support/requirement.ts";
import { makeDenoEnv } from "../../core/deno_env.ts";
import { DenoSocket } from "./deno_socket.ts";
import { SecurityError } from "./security_error.ts";
import { readTlsCredentials } from "./tls_credentials.ts";
import type { TlsOptions } from "./tls_options.ts";

const { files } = makeDenoEnv();
const DEFAULTS: TlsOptions = { versionMin: "TLSv1.2", versionMax: "TLSv1.3", insecure: false };

function testWithCertificates(name: string, run: (certificates: TestCertificates) => Promise<void>): void {
  Deno.test(name, async () => {
    if (!needs("openssl", certificatesRequirement())) return;
    await using certificates = await TestCertificates.make();
    await run(certificates);
  });
}

/** A TLS server that takes one connection and hands it to `serve`. */
function listen({ broker }: TestCertificates, serve: (connection: Deno.TlsConn) => Promise<void>) {
  const [cert, key] = [broker.certFile, broker.keyFile].map((path) => Deno.readTextFileSync(path));
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
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

testWithCertificates(
  "encrypted writes arrive complete and in order, from WebAssembly memory too",
  async (certificates) => {
    const size = 5_000_000;
    let received = 0;
    let sum = 0;
    let last = 0;
    const { port, served } = listen(certificates, async (connection) => {
      const bytes = new Uint8Array(1 << 16);
      while (received < size + 3) {
        const count = await connection.read(bytes);
        if (count === null) break;
        for (const byte of bytes.subarray(0, count)) sum += byte;
        received += count;
        last = bytes[count - 1];
      }
      connection.close();
    });
    const memory = new Uint8Array(new WebAssembly.Memory({ initial: 100, maximum: 100 }).buffer, 0, size).fill(7);
    let progressed = 0;
    const options = { ...DEFAULTS, caFile: certificates.authorityFile };
    const socket: DenoSocket = new DenoSocket("localhost", port, () => {
      socket.handOver({ onBytes: () => {}, onSent: () => progressed++ });
      socket.write(memory);
      socket.write(Uint8Array.of(1, 2, 3), "binary");
    }, { options, files });
    const { events, closed } = record(socket);
    await served;
    await closed;
    assertEquals([received, sum, last], [size + 3, size * 7 + 6, 3], events.join());
    assert(progressed > 10);
  },
);

testWithCertificates("what comes in over TLS is emitted, and the other side's end closes", async (certificates) => {
  const { port, served } = listen(certificates, async (connection) => {
    await connection.write(new TextEncoder().encode("hello"));
    connection.close();
  });
  const options = { ...DEFAULTS, caFile: certificates.authorityFile };
  const { events, closed } = record(new DenoSocket("localhost", port, () => {}, { options, files }));
  await Promise.all([served, closed]);
  assertEquals(events, ["data hello", "close"]);
});

testWithCertificates("a certificate that is not trusted is one error, then a close", async (certificates) => {
  const cases: readonly [options: Partial<TlsOptions>, word: string][] = [
    [{}, "set CAFile"],
    [{ caFile: certificates.strangerFile }, "check CAFile"],
    [{ caFile: certificates.authorityFile, serverName: "elsewhere" }, "other names than elsewhere"],
    [{ caFile: "/nowhere/ca.pem" }, "/nowhere/ca.pem"],
  ];
  for (const [options, word] of cases) {
    const { port, served } = listen(certificates, async (connection) => {
      await connection.handshake().catch(() => {});
      connection.close();
    });
    served.catch(() => {});
    const socket = new DenoSocket("localhost", port, () => {}, { options: { ...DEFAULTS, ...options }, files });
    const { events, closed } = record(socket);
    await closed;
    assertStringIncludes(events[0], word);
    assertEquals(events.slice(1), ["close"]);
    if (options.caFile === "/nowhere/ca.pem") (await Deno.connect({ port })).close();
    await served;
  }
});

testWithCertificates(
  "destroy() during the handshake gives its reason once and leaves nothing open",
  async (certificates) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const options = { ...DEFAULTS, caFile: certificates.authorityFile };
    const socket = new DenoSocket("127.0.0.1", listener.addr.port, () => {}, { options, files });
    const { events, closed } = record(socket);
    const connection = await listener.accept();
    socket.destroy(new Error("enough"));
    socket.destroy(new Error("again"));
    await closed;
    assertEquals(events, ["error enough", "close"]);
    const bytes = new Uint8Array(4096);
    while (await connection.read(bytes).catch(() => null) !== null);
    connection.close();
    listener.close();
  },
);

testWithCertificates("files that TLS cannot use are named, with what is wrong", async (certificates) => {
  const { client, broker, authorityFile } = certificates;
  const directory = await Deno.makeTempDir();
  const file = (name: string, text: string) => {
    Deno.writeTextFileSync(`${directory}/${name}`, text);
    return `${directory}/${name}`;
  };
  const own = { certFile: client.certFile, keyFile: client.keyFile };
  const body = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
  const cases: readonly [options: Partial<TlsOptions>, words: readonly string[]][] = [
    [{ caFile: "/nowhere" }, ["/nowhere", "does not exist", "CAFile"]],
    [{ caFile: client.keyFile }, [client.keyFile, "no certificate"]],
    [{ caFile: file("broken", Deno.readTextFileSync(authorityFile) + body) }, ["certificate 2", "broken"]],
    [{ ...own, certFile: file("empty", "") }, ["empty", "no certificate", "CertFile"]],
    [{ ...own, keyFile: client.certFile }, ["no private key", "KeyFile"]],
    [{ ...own, keyFile: file("locked", locked) }, ["passphrase"]],
    [{ ...own, keyFile: broker.keyFile }, ["does not belong to", client.certFile]],
  ];
  for (const [options, words] of cases) {
    const error = assertThrows(() => readTlsCredentials({ ...DEFAULTS, ...options }, files), SecurityError);
    for (const word of words) assertStringIncludes(error.message, word);
  }
  const good = readTlsCredentials({ ...DEFAULTS, ...own, caFile: authorityFile }, files);
  assertEquals(Object.keys(good).toSorted(), ["ca", "cert", "key"]);
  assertEquals(readTlsCredentials(DEFAULTS, files), {});
  await Deno.remove(directory, { recursive: true });
});
