/**
 * The jars of a real Kafka broker, fetched once from the Maven repository into the user's cache.
 *
 * @module
 */
import { join } from "@std/path";
import { hasProgram } from "./requirement.ts";

const KAFKA_VERSION = "4.1.0";
const COORDINATES = { groupId: "org.apache.kafka", artifactId: "kafka_2.13", version: KAFKA_VERSION } as const;

/** Whether jars are there or can be fetched. */
export function canHaveKafkaJars(): boolean {
  return hasKafkaJars() || hasProgram("mvn");
}

/**
 * The directory with the jars, after fetching them where they are missing.
 *
 * @throws {Error} when Maven fails, with what it said.
 */
export async function kafkaJars(): Promise<string> {
  if (!hasKafkaJars()) await fetchJars();
  return jarsDirectory();
}

function jarsDirectory(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/root", ".cache");
  return join(cache, "sluice", `kafka-${KAFKA_VERSION}`);
}

function hasKafkaJars(): boolean {
  try {
    return Deno.statSync(join(jarsDirectory(), `kafka_2.13-${KAFKA_VERSION}.jar`)).isFile;
  } catch {
    return false;
  }
}

/** Fetches aside and renames, so that a cache is whole or absent, also when two test runs fetch at a time. */
async function fetchJars(): Promise<void> {
  const target = jarsDirectory();
  await Deno.mkdir(join(target, ".."), { recursive: true });
  const aside = await Deno.makeTempDir({ dir: join(target, ".."), prefix: "fetching-" });
  try {
    await Deno.writeTextFile(join(aside, "pom.xml"), pom());
    await runMaven(aside);
    await Deno.rename(join(aside, "jars"), target).catch((error: unknown) => {
      if (!hasKafkaJars()) throw error;
    });
  } finally {
    await Deno.remove(aside, { recursive: true });
  }
}

async function runMaven(directory: string): Promise<void> {
  console.log(`Fetching Kafka ${KAFKA_VERSION} with Maven, once`);
  const { success, stdout } = await new Deno.Command("mvn", {
    args: ["--batch-mode", "-q", "dependency:copy-dependencies", "-DoutputDirectory=jars", "-DincludeScope=runtime"],
    cwd: directory,
    stdout: "piped",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`Maven could not fetch Kafka:\n${new TextDecoder().decode(stdout)}`);
}

function pom(): string {
  const { groupId, artifactId, version } = COORDINATES;
  return `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;
}
