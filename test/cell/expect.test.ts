import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ProcessCell } from "../../src/cell/process-cell.ts";
import { eventually } from "../eventually.ts";
import { esm, Harness, KINDS, LIMITS, within } from "./harness.ts";

const HELLO = esm(`{fetch(){return new Response("hello")}}`);
const WAIT_MS = 150_000;
/** The first isolates of a harness. */
const [FIRST, SECOND] = [1, 2];

for (const kind of KINDS) {
  test(`${kind} cell loads a version in the isolate that it expected`, async () => {
    await using host = new Harness({ kind });
    await host.cell.ready();
    host.cell.expect(FIRST, LIMITS.memoryMb);
    const { result } = await within(WAIT_MS, host.tryLoad(HELLO), "the load");
    assert.ok(result.ok);
    assert.is((await within(WAIT_MS, host.fetch(FIRST), "an event")).body, "hello");
  });

  test(`${kind} cell goes on where an isolate that was expected does not come, or comes otherwise`, async () => {
    await using host = new Harness({ kind });
    await host.cell.ready();
    host.cell.expect(FIRST, LIMITS.memoryMb);
    host.cell.dispose(FIRST);
    host.cell.expect(SECOND, LIMITS.memoryMb / 2);
    host.cell.expect(SECOND, LIMITS.memoryMb);
    for (const isolate of [FIRST, SECOND]) {
      assert.is(await within(WAIT_MS, host.load(HELLO), "the load"), isolate);
      assert.is((await within(WAIT_MS, host.fetch(isolate), "an event")).body, "hello");
    }
    assert.is(host.losses.size, 0);
  });
}

test("a process cell loads in its next child what its last one expected", async () => {
  await using host = new Harness({ kind: "process" });
  await host.cell.ready();
  host.cell.expect(FIRST, LIMITS.memoryMb);
  process.kill((host.cell as ProcessCell).pid!, "SIGKILL");
  await eventually(() => host.deaths.length === 1, "the death");
  const isolate = await within(WAIT_MS, host.load(HELLO), "the load");
  assert.is((await within(WAIT_MS, host.fetch(isolate), "an event")).body, "hello");
});

test.run();
