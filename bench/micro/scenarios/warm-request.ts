import { createHost } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { timeCalls } from "../time-calls.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, worker } from "../../workers.ts";

const CONCURRENCY = 64;

/** Requests to a warm isolate: one after the other, and 64 at once. */
export const warmRequest: Scenario = async (cell, { timeMs }) => {
  await using host = await createHost({ cell, cells: 1 });
  const hello = await host.deploy(worker("hello", HELLO));
  const ask = async (): Promise<void> => {
    await (await hello.fetch("http://warm/")).text();
  };
  for (let i = 0; i < 200; i++) await ask();
  const calls: [what: string, each: number, call: () => Promise<void>][] = [
    ["alone", 1, ask],
    [
      "64 at once",
      CONCURRENCY,
      async () => void (await Promise.all(Array.from({ length: CONCURRENCY }, ask))),
    ],
  ];
  const rows: Row[] = [];
  for (const [what, each, call] of calls) {
    const samples = (await timeCalls(what, timeMs, call)).map((us) => us / each);
    const summary = summarize(samples);
    rows.push({ scenario: "warm request", what: `${what}, per request`, unit: "us", summary });
  }
  return rows;
};
