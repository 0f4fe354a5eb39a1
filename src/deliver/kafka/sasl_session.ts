/**
 * The end of a login: brokers may limit how long one lasts (`connections.max.reauth.ms`, or a token that expires), and refuse
 * whatever comes later on that connection. So the next connection is opened in time, while this one works off what it has begun.
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-368%3A+Allow+SASL+Connections+to+Periodically+Re-Authenticate
 *
 * @module
 */
import type { DenoSocket } from "./deno_socket.ts";

/** The share of a login's life after which nobody new gets the connection. */
const RETIRE_SHARE = 0.8;
/** The longest that a timer can wait. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Watches over a login until its connection closes.
 *
 * @param lifetimeMs from now; 0: it does not end.
 * @param retire called once, when the login will soon end. At its end the socket is destroyed: what is still unanswered then would
 * not be answered any more.
 */
export function watchSession(socket: DenoSocket, lifetimeMs: number, retire: () => void): void {
  if (lifetimeMs <= 0 || socket.destroyed) return;
  const retireMs = Math.min(lifetimeMs * RETIRE_SHARE, TIMER_MS_MAX);
  const end = () => socket.destroy(new Error("the login has reached the end of the time that the broker gives it"));
  let timer = setTimeout(() => {
    retire();
    timer = setTimeout(end, Math.min(lifetimeMs - retireMs, TIMER_MS_MAX));
  }, retireMs);
  socket.once("close", () => clearTimeout(timer));
}
