import { Agent, request } from "node:http";

/** An answer of a worker, or why there was none. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

const TICK_MS = 10;
/** Under way at once; on a machine that cannot keep the pace fewer are sent, not more kept waiting. */
const MOST = 256;

/** Requests to one worker at a steady pace over real connections. */
export class Traffic {
  readonly answers: Answer[] = [];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST, scheduling: "fifo" });
  readonly #timer: NodeJS.Timeout;
  readonly #pending = new Set<Promise<void>>();

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
    const asked = new Promise<Omit<Answer, "tookMs">>((done) => {
      const fail = (error: Error): void => done({ status: 0, text: error.message });
      const method = withBody ? "POST" : "GET";
      const sent = request(
        { port, host: "127.0.0.1", method, headers: { host }, agent: this.#agent },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (part: string) => (text += part));
          response.on("error", fail).on("end", () => done({ status: response.statusCode ?? 0, text }));
        },
      );
      sent.on("error", fail).end(withBody ? "x".repeat(2_000) : undefined);
    }).then((answer) => {
      this.answers.push({ ...answer, tookMs: performance.now() - startMs });
      this.#pending.delete(asked);
    });
    this.#pending.add(asked);
  }
}
