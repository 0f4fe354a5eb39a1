import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { warningOf } from "../../core/option_notes.ts";
import { authentication, checkLogins, type KafkaSecurity, trySecurityOf } from "./authentication_options.ts";
import { Secret, secret } from "./secret.ts";
import { tlsSection } from "./tls_options.ts";

const HIDDEN = "p4ssw0rd";
const LOGIN = { Username: "alice", Password: HIDDEN };
const VERSIONS = { versionMin: "TLSv1.2", versionMax: "TLSv1.3" } as const;
const CLIENT = { TokenEndpoint: "https://id/token", ClientID: "sluice", ClientSecret: HIDDEN };

function withSecret(mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512"): KafkaSecurity {
  return { sasl: { mechanism, username: "alice", password: new Secret(HIDDEN) } };
}

Deno.test("what is asked for, and nothing else, is there", () => {
  const cases: readonly [given: unknown, expected: KafkaSecurity | undefined][] = [
    [undefined, undefined],
    [{}, undefined],
    [{ TLS: { Enabled: "false" }, Kerberos: {} }, undefined],
    [{ PlainText: LOGIN }, withSecret("PLAIN")],
    [{ SASL: LOGIN }, withSecret("PLAIN")],
    [{ SASL: { ...LOGIN, SaslMechanism: "scram-sha-256" } }, withSecret("SCRAM-SHA-256")],
    [{ SASL: { ...LOGIN, SaslMechanism: "SCRAM-SHA-512" } }, withSecret("SCRAM-SHA-512")],
    [{ SASL: { SaslMechanism: "OAUTHBEARER", TokenFile: "/token" } }, {
      sasl: { mechanism: "OAUTHBEARER", token: { file: "/token" } },
    }],
    [{ SASL: { SaslMechanism: "OAUTHBEARER", ...CLIENT, Scope: "logs" } }, {
      sasl: {
        mechanism: "OAUTHBEARER",
        token: { endpoint: "https://id/token", clientId: "sluice", clientSecret: new Secret(HIDDEN), scope: "logs" },
      },
    }],
    [{ TLS: { Enabled: "true" } }, { tls: { ...VERSIONS, insecure: false } }],
    [{ TLS: { Enabled: "true", CAFile: "", CertFile: "", KeyFile: "", ServerName: "" } }, {
      tls: { ...VERSIONS, insecure: false },
    }],
    [
      { TLS: { Enabled: "yes", CAFile: "/ca", CertFile: "/c", KeyFile: "/k", MinVersion: "1.3", ServerName: "kafka" } },
      {
        tls: {
          caFile: "/ca",
          certFile: "/c",
          keyFile: "/k",
          versionMin: "TLSv1.3",
          versionMax: "TLSv1.3",
          insecure: false,
          serverName: "kafka",
        },
      },
    ],
    [{ TLS: { Enabled: "true", MaxVersion: "TLSv1.2", InsecureSkipVerify: "true" }, SASL: LOGIN }, {
      tls: { versionMin: "TLSv1.2", versionMax: "TLSv1.2", insecure: true },
      ...withSecret("PLAIN"),
    }],
  ];
  for (const [given, expected] of cases) {
    const security = authentication().parse(given);
    assertEquals(security, expected);
    // Equality does not see into a secret; its JSON does.
    assertEquals(JSON.stringify(security), JSON.stringify(expected));
    assert(!`${Deno.inspect(security, { depth: 9 })}${JSON.stringify(security)}`.includes(HIDDEN));
  }
});

Deno.test("what cannot be is refused with words, at its place, and without the secrets", () => {
  const oauth = { SaslMechanism: "OAUTHBEARER" };
  const cases: readonly [given: object, path: string, word: string][] = [
    [{ Kerberos: { Realm: "R", Password: HIDDEN } }, "Kerberos", "not supported: log in with SASL"],
    [{ PlainText: LOGIN, SASL: LOGIN }, "PlainText", "only one"],
    [{ PlainText: { Username: "alice" } }, "PlainText.Password", "missing"],
    [{ SASL: { Password: HIDDEN } }, "SASL.Username", "missing"],
    [{ SASL: { ...LOGIN, Username: "" } }, "SASL.Username", "not empty"],
    [{ SASL: { ...LOGIN, Password: [HIDDEN] } }, "SASL.Password", "must be text, not a list"],
    [{ SASL: { ...LOGIN, Password: `file:${HIDDEN}` } }, "SASL.Password", "absolute path"],
    [{ SASL: { ...LOGIN, SaslMechanism: "GSSAPI" } }, "SASL.SaslMechanism", "SCRAM-SHA-512"],
    [{ SASL: { ...LOGIN, TokenFile: "/t" } }, "SASL.TokenFile", "OAUTHBEARER"],
    [{ SASL: oauth }, "SASL.SaslMechanism", "TokenFile, or TokenEndpoint"],
    [{ SASL: { ...oauth, ...LOGIN, TokenFile: "/t" } }, "SASL.Password", "by token"],
    [{ SASL: { ...oauth, TokenFile: "t" } }, "SASL.TokenFile", "absolute"],
    [{ SASL: { ...oauth, ...CLIENT, TokenFile: "/t" } }, "SASL.ClientSecret", "beside TokenFile"],
    [{ SASL: { ...oauth, ...CLIENT, ClientSecret: undefined } }, "SASL.ClientSecret", "missing"],
    [{ SASL: { ...oauth, ...CLIENT, TokenEndpoint: "ftp://id" } }, "SASL.TokenEndpoint", "https://"],
    [{ TLS: { Enabled: "true", CertFile: "/c" } }, "TLS.CertFile", "needs KeyFile"],
    [{ TLS: { Enabled: "true", KeyFile: "/k" } }, "TLS.KeyFile", "needs CertFile"],
    [{ TLS: { Enabled: "true", CAFile: "ca.pem" } }, "TLS.CAFile", "absolute"],
    [{ TLS: { Enabled: "true", MinVersion: "1.1" } }, "TLS.MinVersion", "TLS 1.1 is broken"],
    [{ TLS: { Enabled: "true", MinVersion: "1.4" } }, "TLS.MinVersion", "1.2 or 1.3"],
    [{ TLS: { Enabled: "true", MinVersion: "1.3", MaxVersion: "1.2" } }, "TLS.MaxVersion", "less than MinVersion"],
    [{ TLS: { Enabled: "true", ServerName: "10.0.0.1" } }, "TLS.ServerName", "host name"],
    [{ TLS: { Enabled: "perhaps" } }, "TLS.Enabled", "true or false"],
  ];
  for (const [given, path, word] of cases) {
    const issues = authentication().safeParse(given).error?.issues ?? [];
    const issue = issues.find((one) => one.path.join(".") === path);
    assertStringIncludes(issue?.message ?? `${path} is not among ${JSON.stringify(issues)}`, word);
    assert(!JSON.stringify(issues).includes(HIDDEN));
  }
});

Deno.test("all problems come at once", () => {
  const given = {
    TLS: { Enabled: "true", CertFile: "/c", MinVersion: "1.0" },
    SASL: { Username: "alice", SaslMechanism: "SCRAM-SHA-256" },
    Kerberos: { Realm: "R" },
  };
  const paths = authentication().safeParse(given).error?.issues.map(({ path }) => path.join("."));
  assertEquals(paths?.toSorted(), ["Kerberos", "SASL.Password", "TLS.CertFile", "TLS.MinVersion"]);
});

Deno.test("what is accepted but weak or idle is warned of", () => {
  assertStringIncludes(warningOf(authentication(), { SASL: LOGIN }) ?? "", "unencrypted");
  assertEquals(warningOf(authentication(), { SASL: LOGIN, TLS: { Enabled: "true" } }), undefined);
  assertEquals(warningOf(authentication(), { SASL: { ...LOGIN, SaslMechanism: "SCRAM-SHA-512" } }), undefined);
  assertStringIncludes(warningOf(tlsSection(), { CAFile: "/ca" }) ?? "", "Enabled: true");
  for (const idle of [{}, { Enabled: "false" }, { Enabled: "on", CAFile: "/ca" }, undefined]) {
    assertEquals(warningOf(tlsSection(), idle), undefined);
  }
});

Deno.test("a user name and a password beside the section log in by PLAIN", () => {
  const schema = z.object({
    Authentication: authentication(),
    SASLUsername: z.string().optional(),
    SASLPassword: secret().optional(),
  }).superRefine(checkLogins).transform(trySecurityOf);
  const pair = { SASLUsername: "alice", SASLPassword: HIDDEN };
  assertEquals(schema.parse(pair), withSecret("PLAIN"));
  assertEquals(schema.parse({ SASLUsername: "" }), undefined);
  const tls = { ...VERSIONS, insecure: false };
  assertEquals(schema.parse({ ...pair, Authentication: { TLS: { Enabled: "true" } } }), {
    tls,
    ...withSecret("PLAIN"),
  });
  for (
    const wrong of [{ SASLUsername: "alice" }, { SASLPassword: HIDDEN }, { ...pair, Authentication: { SASL: LOGIN } }]
  ) {
    const result = schema.safeParse(wrong);
    assertEquals(result.error?.issues.length, 1);
    assert(!JSON.stringify(result.error?.issues).includes(HIDDEN));
  }
});
