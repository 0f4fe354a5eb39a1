/**
 * The local ports of a test broker, one for each listener.
 *
 * @module
 */

/** Ports by listener; the controller's is one of them. */
export type Ports = ReadonlyMap<string, number>;

/** The listener without encryption or login, which every test broker has. */
export const PLAIN_LISTENER = "PLAINTEXT";
/** The listener by which the broker talks to itself. */
export const CONTROLLER_LISTENER = "CONTROLLER";

/**
 * Ports that nobody listens on now: held open all at once while they are chosen, so that no two are the same.
 *
 * @param listeners besides the plain one and the controller's.
 * @param plainPort the port of the plain one, when it is settled.
 */
export function choosePorts(listeners: readonly string[], plainPort?: number): Ports {
  const given = plainPort === undefined ? [] : [[PLAIN_LISTENER, plainPort] as const];
  const names = [PLAIN_LISTENER, CONTROLLER_LISTENER, ...listeners].slice(given.length);
  const held = names.map((name) => ({ name, listener: hold(plainPort) }));
  for (const { listener } of held) listener.close();
  return new Map([...given, ...held.map(({ name, listener }) => [name, listener.addr.port] as const)]);
}

/** Listens on a port that is not `taken`, which nobody may listen on yet. */
function hold(taken: number | undefined): Deno.TcpListener {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  if (listener.addr.port !== taken) return listener;
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return other;
}

/** The port of a listener. @throws {Error} when there is no such listener. */
export function portOf(ports: Ports, listener: string): number {
  const port = ports.get(listener);
  if (port === undefined) throw new Error(`This broker has no listener ${listener}`);
  return port;
}
