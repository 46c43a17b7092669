import { createHost, type StartRecord } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, padded, worker } from "../../workers.ts";

const SIZES: readonly [label: string, source: string][] = [
  ["0.1 KB", HELLO],
  ["100 KB", padded(100 * 1024)],
  ["1 MB", padded(1024 * 1024)],
];

/**
 * The first request to a worker that has no isolate, by phase. Two workers share one place, so that each
 * request finds the other's isolate and evicts it; the code cache exists, as it does for any worker
 * that served before.
 */
export const coldStart: Scenario = async (cell, { samples }) => {
  const rows: Row[] = [];
  for (const [label, source] of SIZES) {
    const starts: StartRecord[] = [];
    await using host = await createHost({
      cell,
      cells: 1,
      warm: { maxIsolates: 1 },
      onStart: (record) => starts.push(record),
    });
    for (const name of ["one", "two"]) {
      const { fetch } = bound(await host.deploy(worker(name, source)));
      for (let i = 0; i < 6; i++) await fetch();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    starts.length = 0;
    const totals: number[] = [];
    for (let i = 0; i < samples; i++) {
      // A pause lets the next spare be made, as it is on a host that is not saturated.
      await new Promise((resolve) => setTimeout(resolve, 15));
      const target = host.worker(i % 2 === 0 ? "one" : "two")!;
      const begin = performance.now();
      await (await target.fetch("http://cold/")).text();
      totals.push(performance.now() - begin);
    }
    const add = (what: string, values: number[]): void => {
      rows.push({ scenario: `cold start, ${label}`, what, unit: "ms", summary: summarize(values) });
    };
    add(
      "claim",
      starts.map((start) => start.claimMs),
    );
    add(
      "compile",
      starts.map((start) => start.compileMs),
    );
    add(
      "evaluate",
      starts.map((start) => start.evaluateMs),
    );
    add("first response, all phases", totals);
  }
  return rows;
};

function bound(target: { fetch(input: string): Promise<Response> }): { fetch: () => Promise<string> } {
  return { fetch: async () => await (await target.fetch("http://cold/")).text() };
}
