/**
 * A runtime's stream of container events, used as a bell: something changed, so look now instead of later. What changed is seen
 * by listing, which is cheap and misses nothing. Where there is no stream the bell stays silent. How a stream is read is told by
 * who makes the bell (`cri_events.ts`, `docker_events.ts`).
 *
 * @module
 */
import type { Env } from "../core/env.ts";

/** Events come in bursts (created, started): one look after the burst is enough. */
const GATHER_MS = 100;

/** How events come in. */
export interface EventStream {
  /** Calls `ring` for each event until the stream ends or `signal` aborts. Rejects when the stream breaks. */
  listen(ring: () => void, signal: AbortSignal): Promise<void>;
  /** True for an error that says that there are no events here, now or later. */
  isHopeless(error: unknown): boolean;
}

/** The bell of one connection. */
export class EventBell {
  readonly #stream: EventStream;
  readonly #env: Env;
  readonly #retryMs: number;
  #isLive = false;
  #news = new AbortController();

  /** @param retryMs when a stream that ended is opened again */
  constructor(stream: EventStream, env: Env, retryMs: number) {
    this.#stream = stream;
    this.#env = env;
    this.#retryMs = retryMs;
  }

  /** True once the stream has told something and did not end since: only then looking may become rare. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Listens until `signal` aborts, or until the runtime says that it has no events. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#stream.listen(() => this.#ring(), signal);
      } catch (error) {
        if (this.#stream.isHopeless(error)) return;
      } finally {
        this.#leave();
      }
      await this.#env.sleep(this.#retryMs, signal);
    }
  }

  /** Waits for `ms`, for news or for `signal`, whichever is first. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const { env, news } = { env: this.#env, news: this.#news };
    await env.sleep(ms, AbortSignal.any([signal, news.signal]));
    if (!news.signal.aborted) return;
    await env.sleep(GATHER_MS, signal);
    this.#news = new AbortController();
  }

  #ring(): void {
    this.#isLive = true;
    this.#news.abort();
  }

  /** What happens without a stream is not told: look now, and often again. */
  #leave(): void {
    if (this.#isLive) this.#news.abort();
    this.#isLive = false;
  }
}
