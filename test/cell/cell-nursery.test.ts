import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CellListener } from "../../src/cell/cell.ts";
import { CellNursery, type NurseryOptions } from "../../src/cell/cell-nursery.ts";
import { CellFailed } from "../../src/cell/cell-failed.ts";
import { ProcessCell } from "../../src/cell/process-cell.ts";
import { plainLaunch } from "../../src/cell/sandbox/launch.ts";
import { within } from "./harness.ts";

const WAIT_MS = 150_000;
const DEAF: CellListener = { messages() {}, lost() {}, catastrophic() {}, died() {} };

/** A nursery with one cell. */
function make(options: NurseryOptions): { nursery: CellNursery; cell: ProcessCell } & AsyncDisposable {
  const nursery = new CellNursery({ spares: 1, ...options });
  const cell = new ProcessCell(nursery, DEAF);
  return {
    nursery,
    cell,
    async [Symbol.asyncDispose]() {
      await cell.close();
      await nursery.close();
    },
  };
}

async function until(what: string, done: () => boolean): Promise<void> {
  const poll = async (): Promise<void> => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await within(WAIT_MS, poll(), what);
}

test("CellNursery boots a standby behind a cell, which takes it when its child dies", async () => {
  const before = children();
  await using host = make({ standbys: 1 });
  const { nursery, cell } = host;
  await cell.ready();
  const first = cell.pid!;
  await until("a standby", () => nursery.ready === 1);
  const standby = children().find((pid) => pid !== first && !before.includes(pid));
  process.kill(first, "SIGKILL");
  await until("the change", () => cell.pid !== undefined && cell.pid !== first);
  const second = cell.pid!;
  assert.is(second, standby);
  await until("the next standby", () => nursery.ready === 1);
  assert.is(cell.pid, second);
  assert.ok((await within(WAIT_MS, cell.stats(), "stats")).rssBytes > 0);
});

test("A child that the system refuses to start is a failed start, and no fault of the host", async () => {
  // More than an argument may hold on Linux; elsewhere Node does not know the option.
  const launch = plainLaunch(["--" + "x".repeat(200_000)]);
  await using host = make({ sandbox: () => launch });
  const failed = await within(
    WAIT_MS,
    host.cell.ready().then(
      () => null,
      (error: Error) => error,
    ),
    "the end of it",
  );
  assert.instance(failed, CellFailed);
});

test("CellNursery gives a standby to a further cell", async () => {
  await using host = make({ standbys: 1 });
  await host.cell.ready();
  await until("a standby", () => host.nursery.ready === 1);
  const another = new ProcessCell(host.nursery, DEAF);
  await within(WAIT_MS, another.ready(), "the further cell");
  assert.not.equal(another.pid, host.cell.pid);
  await another.close();
});

test("CellNursery replaces a standby that dies", async () => {
  await using host = make({ standbys: 1 });
  const before = children();
  await until("a standby", () => host.nursery.ready === 1);
  const standby = children().find((pid) => !before.includes(pid) && pid !== host.cell.pid);
  process.kill(standby!, "SIGKILL");
  await until("its end", () => !children().includes(standby!));
  const others = (): number[] => children().filter((pid) => !before.includes(pid) && pid !== host.cell.pid);
  await until("another standby", () => host.nursery.ready === 1 && others().length === 1);
});

test("CellNursery boots none if it is not asked for any, and leaves none behind", async () => {
  const before = children();
  {
    await using host = make({});
    await host.cell.ready();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.is(children().length, before.length + 1);
  }
  {
    await using host = make({ standbys: 2 });
    await until("two standbys", () => host.nursery.ready === 2);
    assert.is(children().length, before.length + 3);
  }
  await until("their end", () => children().length === before.length);
  assert.equal(children(), before);
});

function children(): number[] {
  const text = readFileSync(`/proc/self/task/${process.pid}/children`, "latin1");
  return text.split(" ").filter(Boolean).map(Number);
}

test.run();
