import { Agent, request } from "node:http";
import { bareIsolate } from "../bare-isolate.ts";
import { startOrigin } from "../../origin.ts";
import type { Row, Scenario } from "../scenario.ts";
import { timeCalls } from "../time-calls.ts";
import { createHost } from "../../../src/index.ts";
import { summarize } from "../../statistics/summarize.ts";
import { PROXIED_BYTES, WARM_PATH_WORKERS, type WarmPathWorker } from "../warm-path-workers.ts";
import { worker } from "../../workers.ts";

/**
 * One request at a time to a warm isolate, by layer: the isolate alone (in process only, for workers without
 * I/O), then everything up to `worker.fetch`, then a socket. What a layer adds is the difference.
 */
export const warmPath: Scenario = async (cell, { timeMs }) => {
  await using origin = await startOrigin(PROXIED_BYTES);
  await using host = await createHost({ cell, cells: 1, egress: { allowAddresses: ["127.0.0.0/8"] } });
  const { port } = await host.listen({ port: 0 });
  const rows: Row[] = [];
  for (const [index, one] of WARM_PATH_WORKERS.entries()) {
    const name = `path-${index}`;
    const target = await host.deploy(
      worker(name, one.source, {
        routes: [`${name}.test/*`],
        vars: { ORIGIN: origin.url },
        limits: { cpuMs: 1_000 },
      }),
    );
    const layers: [string, () => Promise<void>][] = [["worker.fetch", () => throughFetch(target, one)]];
    using bare =
      cell === "in-process" && !one.usesOrigin && one.answerBytes < 65_536
        ? await bareIsolate(one)
        : undefined;
    if (bare !== undefined) layers.unshift(["isolate", () => bare.turn()]);
    // A connection of its own: what comes in between is longer than a host keeps an idle one.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    layers.push(["HTTP", () => throughHttp(port, agent, name, one)]);
    for (const [layer, ask] of layers) {
      for (let i = 0; i < 50; i++) await ask();
      const samples = await timeCalls(`${one.name}, ${layer}`, timeMs, ask);
      rows.push({ scenario: `warm path, ${one.name}`, what: layer, unit: "us", summary: summarize(samples) });
    }
    agent.destroy();
  }
  return rows;
};

async function throughFetch(
  target: { fetch(url: string, init: RequestInit): Promise<Response> },
  { method, body, answerBytes }: WarmPathWorker,
): Promise<void> {
  const response = await target.fetch(
    "http://bench.test/",
    body === undefined ? { method } : { method, body },
  );
  requireSize((await response.arrayBuffer()).byteLength, answerBytes);
}

function throughHttp(
  port: number,
  agent: Agent,
  name: string,
  { method, body, answerBytes }: WarmPathWorker,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: "127.0.0.1", agent, method, headers: { host: `${name}.test` } },
      (response) => {
        let size = 0;
        response.on("data", (chunk: Buffer) => (size += chunk.length));
        response.on("end", () => {
          try {
            requireSize(size, answerBytes);
            resolve();
          } catch (error) {
            reject(error as Error);
          }
        });
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

function requireSize(size: number, expected: number): void {
  if (size !== expected) throw new Error(`the answer has ${size} bytes, not ${expected}`);
}
