import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CatastropheReport } from "../../src/index.ts";
import { makeHost, until, upload } from "./fixture.ts";

const GOOD = `export default { fetch() { return new Response("well"); } };`;

test("an isolate that V8 gave up in the middle of a native operation ends for its memory, at once", async () => {
  const catastrophes: CatastropheReport[] = [];
  await using at = await makeHost({
    cell: "process",
    limits: { memoryMb: 64, cpuMs: 5_000, wallMs: 120_000 },
    onCatastrophe: (report) => catastrophes.push(report),
  });
  const good = await at.host.deploy(upload("good", GOOD));
  const bad = await at.host.deploy(
    upload(
      "bad",
      `export default { fetch() {
    const huge = 1n << 1000000000n;
    return new Response(String(huge % ((1n << 400000000n) + 12345n)));
  } };`,
    ),
  );
  assert.is((await bad.fetch("http://bad/")).status, 503);
  await until("its process is given up", () => catastrophes.length > 0);
  await until(
    "the neighbour answers",
    async () => (await (await good.fetch("http://good/")).text()) === "well",
  );
  const [end] = at.events.filter((event) => event.worker === "bad");
  assert.is(end!.outcome, "exceededMemory");
  assert.ok(end!.wallMs < 60_000, `it took ${end!.wallMs} ms`);
  assert.is(catastrophes[0]!.worker, "bad");
  assert.equal(at.faults, []);
});

/** Strings cost an isolate nothing to pass on many times; who takes them in pays for each copy. */
const FLOODS = [
  ["keys of a binding", "env.KV.get(HUGE)"],
  ["headers of responses", "new Response('', { headers: { huge: HUGE.slice(0, 900_000) } })"],
  ["URLs to parse", "new URL(HUGE)"],
] as const;

for (const [what, code] of FLOODS) {
  test(`one string as the ${what} of 60 events at once does not hold up the cell`, async () => {
    await using at = await makeHost({
      cell: "process",
      limits: { memoryMb: 64, cpuMs: 1_000, wallMs: 120_000 },
    });
    const good = await at.host.deploy(upload("good", GOOD));
    const bad = await at.host.deploy(
      upload(
        "bad",
        `const HUGE = "é".repeat(1.5e7);
      export default { async fetch(request, env) {
        try { await (${code}); } catch {}
        return new Response("done");
      } };`,
        { kvNamespaces: [{ binding: "KV", id: "n" }] },
      ),
    );
    await (await bad.fetch("http://bad/")).text();
    const flood = Promise.all(
      Array.from({ length: 60 }, async () => await (await bad.fetch("http://bad/")).text()),
    );
    const start = performance.now();
    assert.is(await (await good.fetch("http://good/")).text(), "well");
    // A cell that copies each string stands still for minutes.
    assert.ok(performance.now() - start < 20_000);
    await flood;
    const { cellRssBytes } = await at.host.stats();
    assert.ok(cellRssBytes < 1e9, `the cell holds ${cellRssBytes} bytes`);
    assert.ok(at.events.every(({ outcome }) => outcome !== "isolateLost" && outcome !== "exceededWallTime"));
  });
}

test.run();
