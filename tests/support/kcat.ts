/**
 * Topics as kcat sees and fills them: a consumer and a producer that know nothing of our code.
 *
 * @module
 */

/** A message that kcat has read. */
export interface KcatMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly payload: string;
  readonly headers: readonly (readonly [key: string, value: string])[];
}

/** What kcat's `-J` prints of a message. */
interface PrintedMessage extends Omit<KcatMessage, "headers"> {
  /** Keys and values in turn. */
  readonly headers?: readonly string[];
}

/**
 * Reads what is in a topic now; each partition in its order.
 *
 * @param options `isolation`: whether what is not committed is read, too; librdkafka's default is `read_committed`.
 * @throws {Error} with what kcat said.
 */
export async function readWithKcat(
  brokers: string,
  topic: string,
  { isolation = "read_committed" }: { readonly isolation?: "read_committed" | "read_uncommitted" } = {},
): Promise<KcatMessage[]> {
  const args = ["-C", "-b", brokers, "-t", topic, "-o", "beginning", "-e", "-q", "-J", "-X", "check.crcs=true"];
  args.push("-X", `isolation.level=${isolation}`);
  const { success, stdout, stderr } = await new Deno.Command("kcat", { args }).output();
  if (!success) throw new Error(`kcat: ${new TextDecoder().decode(stderr)}`);
  const lines = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  return lines.map((line) => fromPrinted(JSON.parse(line)));
}

function fromPrinted({ headers = [], ...message }: PrintedMessage): KcatMessage {
  const pairs = headers.flatMap((text, index) => index % 2 === 0 ? [[text, headers[index + 1]] as const] : []);
  return { ...message, headers: pairs };
}

/**
 * Writes a message for each key, which is its text, too.
 *
 * @param partitioner as librdkafka calls it: https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md
 * @throws {Error} with what kcat said.
 */
export async function writeKeysWithKcat(
  brokers: string,
  topic: string,
  keys: readonly string[],
  partitioner: "fnv1a" | "murmur2",
): Promise<void> {
  const args = ["-P", "-b", brokers, "-t", topic, "-K", "\t", "-X", `topic.partitioner=${partitioner}`];
  const child = new Deno.Command("kcat", { args, stdin: "piped", stderr: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(keys.map((key) => `${key}\t${key}\n`).join("")));
  await writer.close();
  const { success, stderr } = await child.output();
  if (!success) throw new Error(`kcat: ${new TextDecoder().decode(stderr)}`);
}
