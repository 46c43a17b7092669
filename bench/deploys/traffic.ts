import { Agent, request } from "node:http";
import type { Socket } from "node:net";

/** An answer of a worker, or why there was none. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

const TICK_MS = 10;
/** Under way at once; on a machine that cannot keep the pace fewer are sent, not more kept waiting. */
const MOST = 256;
/** A connection that was idle for so long may be closed by the host while it is used again: the request is sent anew. */
const IDLE_MS = 4_000;

/** Requests to one worker at a steady pace over real connections. */
export class Traffic {
  readonly answers: Answer[] = [];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST, scheduling: "fifo" });
  readonly #timer: NodeJS.Timeout;
  readonly #pending = new Set<Promise<void>>();
  /** When each connection was last of use. */
  readonly #usedMs = new WeakMap<Socket, number>();

  /**
   * @param host Value of the `Host` header.
   * @param perS Requests in a second.
   */
  constructor(port: number, host: string, perS: number) {
    const startMs = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = ((performance.now() - startMs) / 1_000) * perS;
      // What a busy machine could not send in time is not sent in a heap.
      for (let n = 0; sent < due && n < perS / 10 && this.#pending.size < MOST; sent++, n++)
        this.#send(port, host, sent % 8 === 0);
      sent = Math.max(sent, Math.floor(due) - 1);
    }, TICK_MS);
  }

  /** Sends no more, and waits for what is under way. */
  async end(): Promise<readonly Answer[]> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    this.#agent.destroy();
    return this.answers;
  }

  #send(port: number, host: string, withBody: boolean): void {
    const startMs = performance.now();
    const asked = this.#ask(port, host, withBody).then((answer) => {
      this.answers.push({ ...answer, tookMs: performance.now() - startMs });
      this.#pending.delete(asked);
    });
    this.#pending.add(asked);
  }

  async #ask(port: number, host: string, withBody: boolean): Promise<Omit<Answer, "tookMs">> {
    const { promise, resolve } = Promise.withResolvers<Omit<Answer, "tookMs">>();
    let isStale = false;
    const fail = (error: Error): void => resolve({ status: 0, text: error.message });
    const sent = request(
      { port, host: "127.0.0.1", method: withBody ? "POST" : "GET", headers: { host }, agent: this.#agent },
      (response) => {
        isStale = false;
        const { socket } = response;
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("error", fail).on("end", () => {
          this.#usedMs.set(socket, performance.now());
          resolve({ status: response.statusCode ?? 0, text });
        });
      },
    );
    sent.on(
      "socket",
      (socket) => (isStale = performance.now() - (this.#usedMs.get(socket) ?? Infinity) > IDLE_MS),
    );
    sent.on("error", (error) => (isStale ? resolve(this.#ask(port, host, withBody)) : fail(error)));
    sent.end(withBody ? "x".repeat(2_000) : undefined);
    return await promise;
  }
}
