import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Cell } from "../../src/cell/cell.ts";
import type { Version } from "../../src/versions/version.ts";
import { Fleet } from "../../src/warm/fleet.ts";
import { NoCell } from "../../src/warm/load-refused.ts";

/** A fleet of one shared cell and four more, with an event in each, that holds workers for what their names say. */
function makeFleet(): Fleet {
  const cell = { kind: "process", close: async () => {}, putCode: () => {} } as unknown as Cell;
  return new Fleet(
    {
      kind: "process",
      count: 1,
      maxOwn: 4,
      idleMs: 1_000,
      create: () => ({ ...cell }),
      aloneAs: ({ worker }) => (worker === "culprit" || worker === "suspect" ? worker : null),
    },
    {
      messages: () => {},
      lost: () => {},
      died: () => {},
      catastrophic: () => {},
      vacate: () => false,
      lastUsedMs: () => 0,
    },
  );
}

function version(account: string, worker: string, isolation = "shared"): Version {
  return { account, worker, isolation, id: worker } as unknown as Version;
}

test("Fleet gives suspects cells of their own, but no more than half of all: the others stay where they are", async () => {
  const fleet = makeFleet();
  const shared = fleet.cellFor(version("a", "w"));
  const first = fleet.cellFor(version("b", "suspect"));
  const second = fleet.cellFor(version("c", "suspect"));
  assert.is(new Set([shared, first, second]).size, 3);
  assert.is(fleet.cellFor(version("d", "suspect")), shared);
  assert.is(fleet.cellFor(version("b", "suspect")), first);
  assert.is.not(fleet.cellFor(version("e", "culprit")), shared);
  assert.is.not(fleet.cellFor(version("f", "w", "account")), shared);
  assert.throws(
    () => fleet.cellFor(version("g", "culprit")),
    (error: unknown) => error instanceof NoCell,
  );
  await fleet.close();
});

test.run();
