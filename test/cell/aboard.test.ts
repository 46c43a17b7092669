import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ProcessCell } from "../../src/cell/process-cell.ts";
import { eventually } from "../eventually.ts";
import { esm, Harness, KINDS, within } from "./harness.ts";

const HELLO = esm(`{async fetch(request){return new Response("hello "+await request.text())}}`);
const LOOP = esm(`{fetch(){}}`, "for(;;);");
const WAIT_MS = 150_000;

/** The first isolate of a harness. */
const FIRST = 1;

const pidOf = (host: Harness): number | undefined => (host.cell as ProcessCell).pid;

for (const kind of KINDS) {
  const make = (): Harness => new Harness({ kind });

  test(`${kind} cell answers what was sent with the load, after it told how that ended`, async () => {
    await using host = make();
    await host.cell.ready();
    const order: string[] = [];
    const load = host.tryLoad(HELLO).then(({ result }) => order.push(`loaded ${result.ok}`));
    const answers = [host.fetch(FIRST, "http://a.test/", [1, "a"]), host.fetch(FIRST)];
    const [one, two] = await within(WAIT_MS, Promise.all(answers), "events with the load");
    order.push("answered");
    await load;
    assert.equal([one?.body, two?.body, one?.ok], ["hello a", "hello ", true]);
    assert.ok(one!.cpuUs > 0);
    assert.equal(order, ["loaded true", "answered"]);
  });

  test(`${kind} cell says nothing of events that were sent with a load that failed`, async () => {
    await using host = make();
    const failing = host.tryLoad(esm(`{fetch(){}}`, "throw new Error('no')"));
    void host.fetch(FIRST);
    const { result } = await within(WAIT_MS, failing, "the load");
    assert.is(result.ok ? "" : result.error.message, "no");
    const next = await host.load(HELLO);
    await within(WAIT_MS, host.fetch(next), "the next isolate");
    assert.equal(
      host.all.filter(({ isolate }) => isolate === FIRST),
      [],
    );
    assert.is(host.losses.size, 0);
  });

  test(`${kind} cell ends a load over its CPU limit as one that failed, whatever waits behind it`, async () => {
    await using host = make();
    const failing = host.tryLoad(LOOP, { startupCpuMs: 50 });
    void host.fetch(FIRST);
    const { result } = await within(WAIT_MS, failing, "the load");
    assert.is(result.ok ? "" : result.reason, "exceededCpu");
    assert.equal(
      host.all.filter(({ isolate }) => isolate === FIRST),
      [],
    );
  });

  test(`${kind} cell gives up a load with its events where the isolate is disposed`, async () => {
    await using host = make();
    const failing = host.tryLoad(LOOP, { startupCpuMs: 5_000 });
    void host.fetch(FIRST);
    host.cell.dispose(FIRST);
    const { result } = await within(WAIT_MS, failing, "the load");
    assert.is(result.ok ? "" : result.reason, "isolateLost");
    const next = await host.load(HELLO);
    assert.is((await within(WAIT_MS, host.fetch(next), "the next isolate")).body, "hello ");
    assert.is(host.losses.size, 0);
  });
}

test("a process that dies during a load says which events were aboard and that none has run", async () => {
  await using host = new Harness({ kind: "process" });
  await host.cell.ready();
  const failing = host.tryLoad(LOOP, { startupCpuMs: 60_000 });
  const answer = host.fetch(FIRST);
  // The table is written before the entry, and answers before that were sent before.
  await host.cell.stats();
  process.kill(pidOf(host)!, "SIGKILL");
  const { result } = await within(WAIT_MS, failing, "the load");
  assert.is(result.ok ? "" : result.reason, "isolateLost");
  const { loss } = await within(WAIT_MS, answer, "the event");
  assert.equal([loss?.cause, loss?.started], ["cellLost", []]);
  assert.equal(host.order, ["died", "lost 1"]);
});

test("what is sent with a load that waits for a process goes to it when there is one", async () => {
  await using host = new Harness({ kind: "process" });
  await host.cell.ready();
  // One death while it boots brings another child at once; after the second one the cell pauses.
  for (let deaths = 1; deaths <= 3; deaths++) {
    process.kill(pidOf(host)!, "SIGKILL");
    await eventually(() => host.deaths.length >= deaths, `${deaths} deaths`);
  }
  assert.is(pidOf(host), undefined);
  const load = host.tryLoad(HELLO);
  const answer = host.fetch(FIRST, "http://a.test/", [1, "late"]);
  assert.ok((await within(WAIT_MS, load, "the load")).result.ok);
  assert.is((await within(WAIT_MS, answer, "the event")).body, "hello late");
});

test.run();
