import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type FlatBody } from "../../runtime-api/contract/flat.ts";
import { esm, Harness, within } from "./harness.ts";
import { residentBytes } from "../../bench/containment/processes.ts";

const MIB = 1024 * 1024;
const GOOD = esm(`{fetch(){return new Response("good")}}`);
const WAIT_MS = 150_000;
/** Grows by gigabytes in native code that V8 lets finish whatever its limit. */
const DOUBLING = esm(`{fetch(){let a=[1.5];for(;;)a=a.concat(a)}}`);
const STRINGS = esm(
  `{fetch(){let s="a";while(s.length<2**28)s+=s;/b$/.test(s);return new Response("done")}}`,
);

test("process cell stays within its memory and 128 MB whatever runs, and comes back", async () => {
  const cellMemoryMb = 320;
  await using host = new Harness({ kind: "process", cellMemoryMb });
  const good = await host.load(GOOD);
  const bad = await host.load(DOUBLING, { cpuMs: 20_000, memoryMb: 128 });
  const { pid } = host.cell as unknown as { readonly pid: number };
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, residentBytes(pid))), 2);
  const { loss } = await within(WAIT_MS, host.fetch(bad), "the end of what grows");
  assert.is(loss?.cause, "exceededMemory");
  assert.match(loss?.message ?? "", /^Worker exceeded memory limit of 128 MB/);
  // Whether the cell has to go depends on where in its native code the attack was when it was ended.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  clearInterval(sampler);
  assert.ok(peak > 0 && peak < (cellMemoryMb + 128) * MIB, `${peak / MIB} MB`);
  for (const report of host.catastrophes) assert.is(report.versionKey, `v${bad}`);
  assert.is(host.losses.has(good), host.catastrophes.length > 0);
  const again = await within(WAIT_MS, host.load(GOOD), "a load after it");
  assert.is((await host.fetch(again)).body, "good");
});

for (const kind of ["in-process", "process"] as const) {
  test(`${kind} cell ends an isolate that V8 lets grow, says by how much, and keeps the others`, async () => {
    await using host = new Harness({ kind });
    const good = await host.load(GOOD);
    const bad = await host.load(STRINGS, { cpuMs: 20_000, memoryMb: 64 });
    const { loss } = await within(WAIT_MS, host.fetch(bad), "the end of what grows");
    assert.is(loss?.cause, "exceededMemory");
    assert.match(loss?.message ?? "", /^Worker exceeded memory limit of 64 MB: the process grew by \d+ MB/);
    assert.is((await host.fetch(good)).body, "good");
    assert.equal(host.catastrophes, []);
  });
}

// The rules of both kinds of cell are the same code; frames to a child have no bodies of this size.
test("cell ends an isolate for which more waits than it may hold, or for which there is no place", async () => {
  await using host = new Harness({ kind: "in-process" });
  const read = `async fetch(request){return new Response("got "+(await request.bytes()).length)}`;
  const flooded = await host.load(esm(`{${read}}`), { memoryMb: 32 });
  const much = await within(WAIT_MS, host.fetch(flooded, "http://a/", body(40)), "the flood");
  assert.is(much.loss?.cause, "exceededMemory");
  assert.is(much.loss?.message, "Worker exceeded memory limit of 32 MB: 40 MB wait to be delivered to it");
  const full = await host.load(esm(`{${read}}`, "globalThis.held = new Uint8Array(40 * 2**20)"), {
    memoryMb: 64,
  });
  const small = await within(WAIT_MS, host.fetch(full, "http://a/", body(10)), "a body that fits");
  assert.is(small.body, `got ${10 * MIB}`);
  const large = await within(WAIT_MS, host.fetch(full, "http://a/", body(40)), "a body that does not");
  assert.is(large.loss?.cause, "exceededMemory");
  assert.match(large.loss?.message ?? "", "what came for it had no place in it");
});

function body(sizeMb: number): FlatBody {
  return [BodyKind.bytes, new Uint8Array(sizeMb * MIB).fill(97)];
}

test.run();
