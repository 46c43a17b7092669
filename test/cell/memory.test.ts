import { test } from "uvu";
import * as assert from "uvu/assert";
import { esm, Harness, within } from "./harness.ts";
import { residentBytes } from "../../bench/containment/processes.ts";

const MIB = 1024 * 1024;
const GOOD = esm(`{fetch(){return new Response("good")}}`);
const WAIT_MS = 30_000;
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

test.run();
