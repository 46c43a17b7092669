import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { mayBeOver } from "../../src/isolate/heap-look.ts";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import { esm, Harness, KINDS } from "../cell/harness.ts";

const MIB = 1024 * 1024;
const ROUNDS = 4;
/** Keeps more than 16 MB. */
const KEEP = "globalThis.all=[];for(let j=0;j<200_000;j++)all.push({a:[j,j,3]})";
/** Work, and CPU that no machine does it in. */
const BURN = "let x=0;for(let i=0;i<3e8;i++)x+=i%7";
const BURN_LEAST_US = 50_000;
/** Adds some 1.1 MB in each of so many slices, kept or not, then answers. */
const grow = (slices: number, kept: boolean): string =>
  esm(
    `{async fetch(){let all=[];for(let i=0;i<${slices};i++){for(let j=0;j<10_000;j++)all.push({a:[i,j,3]});` +
      `if(!${kept})all=[];await new Promise((done)=>setTimeout(done,0))}return new Response("kept "+all.length)}}`,
  );

const fetchOf = (event: number, url: string): InMessage => ({
  type: In.fetch,
  event,
  method: "GET",
  url,
  headers: "",
  body: [BodyKind.none, null],
  cfJson: "{}",
});

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

  test(`${kind} cell charges an event for a turn after which its isolate keeps too much`, async () => {
    await using host = new Harness({ kind });
    const handler = `fetch({url}){if(url.endsWith("light"))return new Response("light");${BURN};${KEEP};return new Response(x)}`;
    const alone = await host.load(esm(`{${handler}}`), { memoryMb: 16 });
    const { loss, cpuUs } = await host.fetch(alone);
    assert.equal([loss?.cause, loss?.event], ["exceededMemory", 1]);
    assert.ok(cpuUs > BURN_LEAST_US, `${cpuUs} µs`);

    const second = await host.load(esm(`{${handler}}`), { memoryMb: 16 });
    const [light, heavy] = [host.nextEvent(second), host.nextEvent(second)];
    const answers = Promise.all([host.watch(second, light), host.watch(second, heavy)]);
    host.send(second, fetchOf(light, "http://a.test/light"), fetchOf(heavy, "http://a.test/"));
    // Which of the two is known only where somebody looked while it ran; one of them it is.
    const blamed = (await answers)[(host.losses.get(second)?.event ?? 0) - 1];
    assert.is(blamed?.loss?.cause, "exceededMemory");
    assert.ok(blamed!.cpuUs > BURN_LEAST_US, `${blamed!.cpuUs} µs`);
  });

  test(`${kind} cell refuses a top level that keeps more than its limit`, async () => {
    await using host = new Harness({ kind });
    const { result } = await host.tryLoad(esm(`{fetch(){return new Response("ok")}}`, KEEP), {
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
