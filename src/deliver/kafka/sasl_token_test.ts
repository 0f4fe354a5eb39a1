import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TokenProvider } from "./sasl_token.ts";
import { Secret } from "./secret.ts";
import { SecurityError } from "./security_error.ts";

const HIDDEN = "p4ss w0rd+/";

/** A token endpoint that answers from a script, a clock, and the provider that asks it. */
class Scene implements AsyncDisposable {
  nowMs = 1_000_000;
  readonly requests: { authorization: string | null; body: string }[] = [];
  answer: () => Response = () => Response.json({ access_token: `token-${this.requests.length}`, expires_in: 100 });
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly provider: TokenProvider;

  constructor(scope?: string) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      this.requests.push({ authorization: request.headers.get("authorization"), body: await request.text() });
      return this.answer();
    });
    const client = { clientId: "a:b", clientSecret: new Secret(HIDDEN), ...(scope && { scope }) };
    const source = { endpoint: this.endpoint, ...client };
    this.provider = new TokenProvider(source, { files: { tryReadText: () => undefined }, now: () => this.nowMs });
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/token`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("a token is asked for with the client's credentials and scope", async () => {
  await using scene = new Scene("logs write");
  assertEquals(await scene.provider.token(), "token-1");
  const [{ authorization, body }] = scene.requests;
  assertEquals(atob(authorization?.replace("Basic ", "") ?? ""), "a%3Ab:p4ss+w0rd%2B%2F");
  assertEquals(body, "grant_type=client_credentials&scope=logs+write");
});

Deno.test("a token is kept until a fifth of its life is left, and asked for once by all who wait", async () => {
  await using scene = new Scene();
  const tokens = [];
  for (const ms of [0, 79_000, 2_000]) {
    scene.nowMs += ms;
    tokens.push(...await Promise.all([scene.provider.token(), scene.provider.token()]));
  }
  assertEquals(tokens, ["token-1", "token-1", "token-1", "token-1", "token-2", "token-2"]);
});

Deno.test("a token of a long life is kept until a minute before its end", async () => {
  await using scene = new Scene();
  scene.answer = () => Response.json({ access_token: `token-${scene.requests.length}`, expires_in: 3600 });
  await scene.provider.token();
  scene.nowMs += 3_539_000;
  assertEquals(await scene.provider.token(), "token-1");
  scene.nowMs += 2_000;
  assertEquals(await scene.provider.token(), "token-2");
});

Deno.test("a token is asked for again when its life is not told, or when the brokers refuse it", async () => {
  await using scene = new Scene();
  await scene.provider.token();
  scene.provider.forget();
  assertEquals(await scene.provider.token(), "token-2");
  scene.provider.forget();
  scene.answer = () => Response.json({ access_token: "short", expires_in: "soon" });
  await scene.provider.token();
  await scene.provider.token();
  assertEquals(scene.requests.length, 4);
});

Deno.test("an endpoint that gives no token is named with the reason and what to check, and never the secret", async () => {
  const cases: readonly [answer: Response, words: readonly string[]][] = [
    [Response.json({ error: "invalid_client" }, { status: 401 }), ['client "a:b"', "401", "invalid_client", "Scope"]],
    [new Response("nothing here", { status: 404 }), ["404", "check TokenEndpoint"]],
    [new Response("x".repeat(10_000), { status: 500 }), ["500", "xxx"]],
    [new Response("<html>", { status: 200 }), ["without an access_token"]],
    [Response.json({ access_token: "" }), ["without an access_token"]],
    [Response.json(null), ["without an access_token"]],
    [new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }), ["check TokenEndpoint"]],
  ];
  await using scene = new Scene();
  for (const [answer, words] of cases) {
    scene.answer = () => answer;
    const error = await assertRejects(() => scene.provider.token(), SecurityError, scene.endpoint);
    for (const word of words) assertStringIncludes(error.message, word);
    assert(error.message.length < 500);
    assert(!error.message.includes("p4ss"));
  }
});

Deno.test("an endpoint that is away is named, and asked again the next time", async () => {
  const scene = new Scene();
  await scene[Symbol.asyncDispose]();
  await assertRejects(() => scene.provider.token(), SecurityError, `no token from ${scene.endpoint}`);
  await assertRejects(() => scene.provider.token(), SecurityError, `no token from ${scene.endpoint}`);
});

Deno.test("a token file is read each time, without white space around the token, and named when it is missing", async () => {
  const texts: (string | undefined)[] = ["one\n", " two \n", undefined];
  const files = { tryReadText: () => texts.shift() };
  const provider = new TokenProvider({ file: "/token" }, { files, now: () => 0 });
  assertEquals([await provider.token(), await provider.token()], ["one", "two"]);
  await assertRejects(() => provider.token(), SecurityError, "/token, which should hold the token of TokenFile");
});
