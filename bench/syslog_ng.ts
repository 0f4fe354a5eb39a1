/**
 * syslog-ng as a peer: the file source reads, parsers make the fields, format-json writes a flat object, and the Kafka destination
 * delivers with acks = all. Its metadata is constant. Debian's packages of it and of rsyslog exclude each other, so its files are
 * unpacked aside.
 *
 * @module
 */
import { join } from "@std/path";
import { hasProgram } from "../tests/support/requirement.ts";
import { METADATA } from "./made_up_container.ts";
import { flatMessage } from "./message.ts";
import type { LogKind, WorkKind } from "./mode.ts";
import type { Peer, Work } from "./peer.ts";
import { debianFiles } from "./peer_build.ts";
import { ACCESS_KEYS, ACCESS_PATTERN } from "./workload.ts";

const PACKAGES = ["syslog-ng-core", "syslog-ng-mod-rdkafka", "libivykis0", "libnet1", "libpcre3", "libwrap0"];
const VERSION = "3.38";

/** How a kind of work is done: its parsers, and what the fields are made of. */
interface Recipe {
  readonly parsers: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

const PREFIX =
  'csv-parser(delimiters(" ") columns("c.time", "c.stream", "c.flag", "c.content") flags(greedy) dialect(escape-none));';
const PREFIX_FIELDS = { _time_: "${c.time}", _source_: "${c.stream}" };
const plain: Recipe = { parsers: [PREFIX], fields: { content: "${c.content}", ...PREFIX_FIELDS } };

const RECIPES: Readonly<Partial<Record<LogKind, Recipe>>> = {
  plain,
  "lines-512": plain,
  "chinese": plain,
  regex: {
    parsers: [
      PREFIX,
      `regexp-parser(template("\${c.content}") prefix("r.") patterns('${namedGroups(ACCESS_PATTERN)}'));`,
    ],
    fields: { ...fieldsOf("r.", ACCESS_KEYS), ...PREFIX_FIELDS },
  },
  docker: {
    parsers: ['json-parser(prefix("j."));'],
    fields: { content: "$(strip ${j.log})", _time_: "${j.time}", _source_: "${j.stream}" },
  },
};

/** Debian's syslog-ng-core with syslog-ng-mod-rdkafka. */
export const syslogNg: Peer = {
  name: "syslog-ng",
  unavailable: () => {
    return hasProgram("apt-get") && hasProgram("dpkg")
      ? undefined
      : "its packages come from Debian, and this is another";
  },
  unfit(kind) {
    if (kind === "multiline") return "it joins lines before it takes off their prefixes";
    if (kind === "json") return "its JSON parser makes 383.220000 of 383.22";
    if (kind === "lines-16k") return "it cannot put lines together that the runtime has cut";
    if (kind === "files") return "it finds files by patterns, whichever container they are of";
    return undefined;
  },
  prepare: () => debianFiles("syslog-ng", PACKAGES),
  command(work) {
    const { program: root, directory } = work;
    const path = join(directory, "syslog-ng.conf");
    Deno.writeTextFileSync(path, configText(work));
    const state = { "--cfgfile": path, "--persist-file": "persist", "--pidfile": "pid", "--control": "control" };
    const paths = Object.entries(state).map(([flag, file]) =>
      `${flag}=${join(directory, file.replace(directory, ""))}`
    );
    const modules = join(root, "usr", "lib", "syslog-ng");
    const libraries = [modules, join(root, "usr/lib/x86_64-linux-gnu"), join(root, "lib/x86_64-linux-gnu")];
    return {
      program: join(root, "usr", "sbin", "syslog-ng"),
      args: ["--foreground", "--no-caps", `--module-path=${join(modules, VERSION)}`, ...paths],
      env: { LD_LIBRARY_PATH: libraries.join(":") },
    };
  },
  readMessage: flatMessage,
};

function configText({ kind, hostRoot, logs, broker, topic, codec }: Work): string {
  const { parsers, fields } = recipeOf(kind);
  const source = logs.includes("*") ? "wildcard-file" : "file";
  const path = join(hostRoot, logs);
  const where = source === "file"
    ? `"${path}"`
    : `base-dir("${path.slice(0, path.indexOf("/*"))}") filename-pattern("0.log") recursive(yes) max-files(2000)`;
  const pairs = [...Object.entries(fields), ...METADATA].map(([key, value]) => `${key}="${value}"`);
  return `@version: ${VERSION}
options { stats-freq(0); use-dns(no); dns-cache(no); log-msg-size(65536); };
source logs { ${source}(${where} flags(no-parse) follow-freq(0.1) log-fetch-limit(1000) log-iw-size(100000)); };
destination broker {
  kafka-c(bootstrap-servers("${broker}") topic("${topic}") log-fifo-size(200000)
    config(acks("all") compression.codec("${codec}") linger.ms("50") batch.size("1000000") batch.num.messages("100000")
      queue.buffering.max.messages("500000"))
    message('$(format-json Time=int64($UNIXTIME) ${pairs.join(" ")})'));
};
log {
  source(logs);
${parsers.map((parser) => `  parser { ${parser} };`).join("\n")}
  destination(broker);
  flags(flow-control);
};
`;
}

function recipeOf(kind: WorkKind): Recipe {
  const recipe = kind === "files" ? undefined : RECIPES[kind];
  if (recipe === undefined) throw new Error(`syslog-ng has no recipe for ${kind}`);
  return recipe;
}

function fieldsOf(prefix: string, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, `\${${prefix}${key}}`]));
}

/** The pattern with its groups named. */
function namedGroups(pattern: string): string {
  const keys = ACCESS_KEYS.values();
  return pattern.replaceAll(/(?<!\\)\((?!\?)/g, () => `(?<${keys.next().value}>`);
}
