/**
 * Certificates for tests, made with `openssl`: an authority, a broker's and a client's certificate from it, and a second authority
 * that nobody trusts, with a client's certificate of its own.
 *
 * @module
 */
import { join } from "@std/path";
import { hasProgram } from "./requirement.ts";

/** Whether this machine can make certificates. */
export function certificatesRequirement(): boolean {
  return hasProgram("openssl");
}

/** A certificate and its key, as PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A directory with certificates; it is removed with this object. */
export class TestCertificates implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes them all. @throws {Error} with what `openssl` said. */
  static async make(): Promise<TestCertificates> {
    const certificates = new TestCertificates(await Deno.makeTempDir({ prefix: "sluice-certificates-" }));
    try {
      await Promise.all([certificates.#makeAuthority("authority"), certificates.#makeAuthority("stranger")]);
      await Promise.all([
        certificates.#sign("broker", "authority", "subjectAltName=DNS:localhost,DNS:broker.test,IP:127.0.0.1"),
        certificates.#sign("client", "authority", "subjectAltName=DNS:client.test"),
        certificates.#sign("intruder", "stranger", "subjectAltName=DNS:intruder.test"),
      ]);
      await certificates.#makeKeystore();
    } catch (error) {
      await certificates[Symbol.asyncDispose]();
      throw error;
    }
    return certificates;
  }

  /** The authority that signed the broker's certificate, and the client's. */
  get authorityFile(): string {
    return this.#path("authority.pem");
  }

  /** An authority that signed neither. */
  get strangerFile(): string {
    return this.#path("stranger.pem");
  }

  /** For `localhost`, `broker.test` and 127.0.0.1. */
  get broker(): CertificateFiles {
    return { certFile: this.#path("broker.pem"), keyFile: this.#path("broker.key") };
  }

  get client(): CertificateFiles {
    return { certFile: this.#path("client.pem"), keyFile: this.#path("client.key") };
  }

  /** A client's certificate from the stranger. */
  get intruder(): CertificateFiles {
    return { certFile: this.#path("intruder.pem"), keyFile: this.#path("intruder.key") };
  }

  /** The broker's key and certificate in one file, as Kafka's PEM keystores have them. */
  get keystoreFile(): string {
    return this.#path("keystore.pem");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  async #makeAuthority(name: string): Promise<void> {
    const files = ["-keyout", this.#path(`${name}.key`), "-out", this.#path(`${name}.pem`)];
    await openssl(["req", "-x509", ...NEW_KEY, ...files, "-subj", `/CN=Test ${name}`, "-days", "2"]);
  }

  async #sign(name: string, authority: string, extension: string): Promise<void> {
    const request = this.#path(`${name}.csr`);
    const extensions = this.#path(`${name}.ext`);
    await openssl(["req", ...NEW_KEY, "-keyout", this.#path(`${name}.key`), "-out", request, "-subj", `/CN=${name}`]);
    await Deno.writeTextFile(extensions, `${extension}\n`);
    const signer = ["-CA", this.#path(`${authority}.pem`), "-CAkey", this.#path(`${authority}.key`), "-CAcreateserial"];
    const output = ["-out", this.#path(`${name}.pem`), "-days", "2", "-extfile", extensions];
    await openssl(["x509", "-req", "-in", request, ...signer, "-CAserial", this.#path(`${name}.serial`), ...output]);
  }

  async #makeKeystore(): Promise<void> {
    const { certFile, keyFile } = this.broker;
    await Deno.writeTextFile(
      this.keystoreFile,
      await Deno.readTextFile(keyFile) + await Deno.readTextFile(certFile) +
        await Deno.readTextFile(this.authorityFile),
    );
  }
}

const NEW_KEY: readonly string[] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function openssl(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args], stdin: "null" }).output();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
