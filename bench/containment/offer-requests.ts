import { Agent, get } from "node:http";

/** What to ask, of `work.test` on a port of this machine. */
export interface Offer {
  readonly port: number;
  readonly seconds: number;
  /** Clients that each ask again as soon as they are answered; or */
  readonly connections?: number;
  /** so many requests a second, whatever becomes of them. */
  readonly perS?: number;
  /** Afterwards, the time is taken until ten requests in a row were answered within so many ms. */
  readonly wellMs?: number;
}

/** What became of it; times in ms, from when a request was due. */
export interface Offered {
  readonly accepted: number[];
  readonly refused: number[];
  readonly withRetryAfter: number;
  readonly others: Record<string, number>;
  readonly wellAfterMs?: number;
}

const IN_A_ROW = 10;
const LONGEST_MS = 20_000;
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity });

process.once("message", (offer: Offer) => {
  void run(offer).then((offered) => process.send!(offered, () => process.exit(0)));
});

async function run({ port, seconds, connections, perS, wellMs }: Offer): Promise<Offered> {
  const accepted: number[] = [];
  const refused: number[] = [];
  const others: Record<string, number> = {};
  let withRetryAfter = 0;
  const ask = async (dueMs: number): Promise<void> => {
    const { status, retryAfter } = await request(port);
    const tookMs = performance.now() - dueMs;
    if (status === "200") accepted.push(tookMs);
    else if (status === "503") refused.push(tookMs);
    else others[status] = (others[status] ?? 0) + 1;
    if (retryAfter) withRetryAfter++;
  };
  const endMs = performance.now() + seconds * 1_000;
  const client = async (): Promise<void> => {
    while (performance.now() < endMs) await ask(performance.now());
  };
  if (perS === undefined) await Promise.all(Array.from({ length: connections ?? 1 }, client));
  else await atRate(perS, endMs, ask);
  const offered = { accepted: [...accepted], refused: [...refused], withRetryAfter, others: { ...others } };
  return wellMs === undefined ? offered : { ...offered, wellAfterMs: await wellAgain(port, endMs, wellMs) };
}

/** Asks at a rate until a time. What is answered later does not count: it is no use any more. */
function atRate(perS: number, endMs: number, ask: (dueMs: number) => Promise<void>): Promise<void> {
  const everyMs = 1_000 / perS;
  let dueMs = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      for (; dueMs <= Math.min(performance.now(), endMs); dueMs += everyMs) void ask(dueMs);
      if (performance.now() < endMs) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

/** How long after a time ten requests in a row were answered well. */
async function wellAgain(port: number, sinceMs: number, wellMs: number): Promise<number> {
  for (let row = 0; performance.now() < sinceMs + LONGEST_MS;) {
    const beganMs = performance.now();
    const { status } = await request(port);
    row = status === "200" && performance.now() - beganMs <= wellMs ? row + 1 : 0;
    if (row === IN_A_ROW) break;
  }
  return performance.now() - sinceMs;
}

function request(port: number): Promise<{ status: string; retryAfter: boolean }> {
  return new Promise((resolve) => {
    const failed = (error: Error & { code?: string }): void =>
      resolve({ status: error.code ?? error.message, retryAfter: false });
    get({ port, agent, headers: { host: "work.test" } }, (answer) => {
      answer.resume();
      answer.on("error", failed);
      answer.on("end", () =>
        resolve({
          status: String(answer.statusCode),
          retryAfter: answer.headers["retry-after"] !== undefined,
        }),
      );
    }).on("error", failed);
  });
}
