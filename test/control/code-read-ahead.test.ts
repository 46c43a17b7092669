import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Catalog } from "../../src/control/catalog.ts";
import { CodeReadAhead } from "../../src/control/code-read-ahead.ts";
import { eventually } from "../eventually.ts";

const version = (id: string, hasCode = true): object => ({ version: { id, hasCode }, percent: 50 });
const CATALOG = {
  all: () => [
    { traffic: [version("v1"), version("v2")] },
    { traffic: [version("site", false), version("v3")] },
  ],
} as unknown as Catalog;

function rig(
  read: (id: string) => boolean,
  isBusy = (): boolean => false,
): { seen: string[]; faults: unknown[]; ahead: CodeReadAhead } {
  const seen: string[] = [];
  const faults: unknown[] = [];
  const control = { readCodeAhead: (id: string) => (seen.push(id), read(id)) };
  return { seen, faults, ahead: new CodeReadAhead(CATALOG, control, isBusy, (error) => faults.push(error)) };
}

test("CodeReadAhead reads the code of all versions that take traffic and have some", async () => {
  let busy = 3;
  const { seen, ahead } = rig(
    () => true,
    () => busy-- > 0,
  );
  await eventually(() => seen.length === 3, "all are read");
  assert.equal(seen, ["v1", "v2", "v3"]);
  assert.ok(busy < 0);
  ahead.close();
});

test("CodeReadAhead reads no more where there is no room, or something went wrong, which it tells", async () => {
  const full = rig((id) => id !== "v2");
  const broken = rig(() => {
    throw new Error("the disk is gone");
  });
  await eventually(() => full.seen.length === 2 && broken.faults.length === 1, "both have ended");
  const other = rig(() => true);
  await eventually(() => other.seen.length === 3, "another one has read all");
  assert.equal([full.seen, broken.seen, full.faults], [["v1", "v2"], ["v1"], []]);
});

test.run();
