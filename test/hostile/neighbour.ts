import { Agent, request } from "node:http";
import { type Host, type WorkerUpload } from "../../src/index.ts";

/** Reads a key, computes a little and answers: what an ordinary worker does. */
const SOURCE = `export default { async fetch(request, env) {
  const n = Number(await env.KV.get("n") ?? 1);
  let sum = 0;
  for (let i = 0; i < 1_000; i++) sum += i * n;
  return new Response("well " + sum);
} };`;
const ANSWER = "well 499500";

/** One request of the neighbour. */
export interface Asked {
  /** When it was due, on the clock of `performance.now()`. */
  readonly atMs: number;
  /** From when it was due to the end of the answer. */
  readonly tookMs: number;
  /** What was wrong with the answer; null if nothing was. */
  readonly error: string | null;
}

export interface NeighbourOptions {
  /** @default 20 */
  readonly everyMs?: number;
  /**
   * How much of what a standstill of this process held up is asked at once when it goes on, in ms: all of it is what
   * a host may refuse to do. @default Infinity
   */
  readonly heldUpMs?: number;
  /** Hears of each request that is over. @default they are kept in `asked` */
  readonly note?: (asked: Asked) => void;
}

/** A worker of another account that is asked at a fixed rate over HTTP, whatever happens beside it. */
export class Neighbour implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #note: (asked: Asked) => void;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #port: number;
  readonly #name: string;
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<Promise<void>>();

  private constructor(
    port: number,
    name: string,
    { everyMs = 20, heldUpMs = Infinity, note }: NeighbourOptions,
  ) {
    this.#port = port;
    this.#name = name;
    this.#note = note ?? ((asked) => this.asked.push(asked));
    let dueMs = performance.now();
    this.#timer = setInterval(() => {
      dueMs = Math.max(dueMs, performance.now() - heldUpMs);
      // Requests that a standstill of this process held up are sent late, and counted from when they were due.
      for (; dueMs <= performance.now(); dueMs += everyMs) {
        const asked = this.#ask(dueMs);
        this.#underWay.add(asked);
        void asked.finally(() => this.#underWay.delete(asked));
      }
    }, everyMs);
  }

  /** Deploys it, warms it up, and begins to ask. */
  static async start(
    host: Host,
    port: number,
    name = "good",
    options: NeighbourOptions = {},
  ): Promise<Neighbour> {
    const worker = await host.deploy(neighbourUpload(name));
    for (let i = 0; i < 3; i++) await (await worker.fetch("http://x/")).text();
    return new Neighbour(port, name, options);
  }

  /** What went wrong since a time. */
  errorsSince(startMs: number): string[] {
    return this.asked
      .filter(({ atMs, error }) => atMs >= startMs && error !== null)
      .map(({ error }) => error!);
  }

  /** Waits until everything that was asked is answered. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.settle();
    this.#agent.destroy();
  }

  #ask(atMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (error: string | null): void => {
        this.#note({ atMs, tookMs: performance.now() - atMs, error });
        resolve();
      };
      const headers = { host: `${this.#name}.neighbour.test` };
      const sent = request({ port: this.#port, agent: this.#agent, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => (text += part));
        answer.on("end", () => {
          const right = answer.statusCode === 200 && text === ANSWER;
          const outcome = answer.headers["skerry-outcome"] ?? text.slice(0, 60);
          end(right ? null : `${answer.statusCode} ${String(outcome)}`);
        });
        answer.on("error", (error) => end(error.message));
      });
      sent.on("error", (error: NodeJS.ErrnoException) => {
        // A connection that was idle may be closed by the server just when a request is sent on it: clients try again.
        // After a standstill that may be so with all that there are; each is tried once, and a new one is no such.
        const raced = sent.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
        if (raced) resolve(this.#ask(atMs));
        else end(error.message);
      });
      sent.end();
    });
  }
}

function neighbourUpload(name: string): WorkerUpload {
  return {
    account: `neighbour-${name}`,
    name,
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content: SOURCE }],
    routes: [`${name}.neighbour.test/*`],
    kvNamespaces: [{ binding: "KV", id: "n" }],
    // On a machine whose cores are all taken, time that a thread waits for one can be charged to its event; and one that
    // stands still for seconds charges those.
    limits: { cpuMs: 30_000, startupCpuMs: 30_000, wallMs: 120_000 },
  };
}
