import ivm from "isolated-vm";
import { bareIsolate } from "../bare-isolate.ts";
import type { Row, Scenario } from "../scenario.ts";
import { loadImage } from "../../../src/isolate/image.ts";
import { makeSpare } from "../../../src/isolate/spare.ts";
import { summarize } from "../../statistics/summarize.ts";
import type { WarmPathWorker } from "../warm-path-workers.ts";

/** Workers whose first request is measured, each in an isolate of its own. */
const FIRST: readonly WarmPathWorker[] = [
  firstOf("hello", `fetch() { return new Response("hello"); }`),
  firstOf(
    "JSON in and out",
    `async fetch(request) { const { a } = await request.json(); return Response.json({ a }); }`,
  ),
  firstOf(
    "a stream",
    `fetch() { return new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(5)); c.close(); } })); }`,
  ),
];

/**
 * What the image costs each isolate (docs/image-budget.md): making a spare beside making a bare isolate with a
 * context, the used heap of a spare, and the first request to one. All in process, whatever the cell.
 */
export const image: Scenario = async (_cell, { samples }) => {
  const made = await loadImage();
  const bare: number[] = [];
  const spares: number[] = [];
  const heaps: number[] = [];
  const first = new Map<string, number[]>(FIRST.map(({ name }) => [name, []]));
  for (let i = 0; i < samples; i++) {
    let begin = performance.now();
    const isolate = new ivm.Isolate({ memoryLimit: 128 });
    await isolate.createContext();
    bare.push(performance.now() - begin);
    isolate.dispose();
    begin = performance.now();
    const spare = await makeSpare(made, { memoryMb: 128 });
    spares.push(performance.now() - begin);
    heaps.push((await spare.isolate.getHeapStatistics()).used_heap_size / 1024 / 1024);
    spare.isolate.dispose();
    for (const worker of FIRST) {
      using loaded = await bareIsolate(worker);
      begin = performance.now();
      await loaded.turn();
      first.get(worker.name)!.push((performance.now() - begin) * 1_000);
    }
  }
  const rows: Row[] = [
    { scenario: "image", what: "bare isolate and context", unit: "ms", summary: summarize(bare) },
    { scenario: "image", what: "spare", unit: "ms", summary: summarize(spares) },
    { scenario: "image", what: "used heap of a spare", unit: "MB", summary: summarize(heaps) },
  ];
  for (const [name, us] of first)
    rows.push({ scenario: "image", what: `first request, ${name}`, unit: "us", summary: summarize(us) });
  return rows;
};

function firstOf(name: string, handler: string): WarmPathWorker {
  return {
    name,
    source: `export default { ${handler} };`,
    method: "POST",
    body: `{"a":1}`,
    usesOrigin: false,
    answerBytes: 0,
  };
}
