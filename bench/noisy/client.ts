import { Agent, request, type RequestOptions } from "node:http";
import { WebSocket } from "ws";
import type { ClientJob, ClientReport } from "./client-job.ts";

/** Entry of a client process: a client in the host's own process would be slow whenever the host is. */
const tookMs: number[] = [];
const errors: string[] = [];
let answers = 0;
let stopped = false;
/** When requests of the victim were due that are not answered yet. */
const waiting = new Set<number>();
const LAST_WAIT_MS = 5_000;
/** Messages that a socket keeps under way. */
const WINDOW = 32;

process.on("message", (message: ClientJob | "stop") => {
  if (message === "stop") stop();
  else if (message.type === "victim") askAtRate(message);
  else if (message.type === "requests") for (let i = 0; i < message.connections; i++) void flood(message);
  else for (let i = 0; i < message.connections; i++) talk(message);
  if (message !== "stop") process.send!("ready");
});

function stop(): void {
  stopped = true;
  const stoppedMs = performance.now();
  // What is under way is waited for: what was left out would be the slowest.
  const timer = setInterval(() => {
    if (waiting.size > 0 && performance.now() - stoppedMs < LAST_WAIT_MS) return;
    clearInterval(timer);
    for (const atMs of waiting) {
      tookMs.push(performance.now() - atMs);
      errors.push("no answer");
    }
    const report: ClientReport = { tookMs, errors, answers };
    process.send!(report, () => process.exit(0));
  }, 20);
}

function askAtRate({ port, host, everyMs, expects }: ClientJob & { type: "victim" }): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: "fifo" });
  let dueMs = performance.now();
  setInterval(() => {
    for (; !stopped && dueMs <= performance.now(); dueMs += everyMs) {
      const atMs = dueMs;
      waiting.add(atMs);
      void ask({ port, host: "127.0.0.1", headers: { host }, agent }).then(({ status, text }) => {
        waiting.delete(atMs);
        tookMs.push(performance.now() - atMs);
        if (status !== 200 || text !== expects) errors.push(`${status} ${text.slice(0, 80)}`);
      });
    }
  }, 1);
}

async function flood({ port, host, bodyBytes }: ClientJob & { type: "requests" }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = bodyBytes > 0 ? Buffer.alloc(bodyBytes, "b") : undefined;
  while (!stopped) {
    await ask({ port, host: "127.0.0.1", headers: { host }, agent, method: body ? "POST" : "GET" }, body);
    answers++;
  }
}

function talk(job: ClientJob & { type: "sockets" }): void {
  const socket = new WebSocket(`ws://127.0.0.1:${job.port}/`, { headers: { host: job.host } });
  const message = Buffer.alloc(job.messageBytes, "m");
  socket.on("open", () => {
    for (let i = 0; i < WINDOW; i++) socket.send(message);
  });
  socket.on("message", () => {
    answers++;
    if (!stopped) socket.send(message);
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (!stopped) setTimeout(() => talk(job), 20);
  });
}

function ask(
  options: RequestOptions,
  body?: Buffer,
  again = false,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const sent = request(options, (answer) => {
      let text = "";
      answer.setEncoding("latin1").on("data", (part: string) => {
        if (text.length < 200) text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode!, text }));
      answer.on("error", (error) => resolve({ status: 0, text: error.message }));
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // The server may close an idle connection just when a request is sent on it: every client tries again.
      const raced = sent.reusedSocket && error.code === "ECONNRESET" && !again;
      resolve(raced ? ask(options, body, true) : { status: 0, text: error.message });
    });
    sent.end(body);
  });
}
