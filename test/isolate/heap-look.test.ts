import { test } from "uvu";
import * as assert from "uvu/assert";
import { mayBeOver } from "../../src/isolate/heap-look.ts";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import { esm, Harness, KINDS } from "../cell/harness.ts";

const MIB = 1024 * 1024;
const ROUNDS = 4;
/** Adds some 1.1 MB in each of so many slices, kept or not, then answers. */
const grow = (slices: number, kept: boolean): string =>
  esm(
    `{async fetch(){let all=[];for(let i=0;i<${slices};i++){for(let j=0;j<10_000;j++)all.push({a:[i,j,3]});` +
      `if(!${kept})all=[];await new Promise((done)=>setTimeout(done,0))}return new Response("kept "+all.length)}}`,
  );

const live = (memoryMb: number, heldMb: number, cpuUs: number): LiveIsolate =>
  ({
    limits: { memoryMb },
    heldBytes: heldMb * MIB,
    heapSeenUs: 1_000,
    boundedUs: 1_000 + cpuUs,
  }) as LiveIsolate;

test("mayBeOver holds where the CPU since the last look could have filled what is left of the limit", () => {
  assert.not.ok(mayBeOver(live(128, 28, 25_000)));
  assert.ok(mayBeOver(live(128, 28, 26_000)));
  assert.not.ok(mayBeOver(live(128, 28, 0)));
});

test("mayBeOver lets an isolate near its limit grow by a quarter of it unseen", () => {
  assert.not.ok(mayBeOver(live(16, 15, 1_000)));
  assert.ok(mayBeOver(live(16, 15, 1_100)));
  assert.not.ok(mayBeOver(live(16, 40, 1_000)));
});

for (const kind of KINDS) {
  test(`${kind} cell never answers for an isolate that keeps half as much again as its limit`, async () => {
    await using host = new Harness({ kind });
    for (let round = 0; round < ROUNDS; round++) {
      const bad = await host.load(grow(20, true), { memoryMb: 16 });
      const { loss, body } = await host.fetch(bad);
      assert.is(loss?.cause, "exceededMemory", `round ${round}: ${body}`);
      assert.is(loss?.event, 1);
    }
    assert.equal(host.catastrophes, []);
  });

  test(`${kind} cell refuses a top level that keeps more than its limit`, async () => {
    await using host = new Harness({ kind });
    const much = "globalThis.all=[];for(let j=0;j<200_000;j++)all.push({a:[j,j,3]})";
    const { result } = await host.tryLoad(esm(`{fetch(){return new Response("ok")}}`, much), {
      memoryMb: 16,
    });
    assert.not.ok(result.ok);
    assert.is(result.ok || result.reason, "exceededMemory");
  });

  test(`${kind} cell ends nobody for garbage, however much there is of it`, async () => {
    await using host = new Harness({ kind });
    const good = await host.load(grow(60, false), { memoryMb: 16 });
    for (let round = 0; round < ROUNDS; round++) assert.is((await host.fetch(good)).body, "kept 0");
  });
}

test.run();
