import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyPace } from "../../src/dispatch/body-pace.ts";

test("BodyPace charges what came, and lets those who are held wait until they are not", async () => {
  const charged: [string, number][] = [];
  const held = new Set(["heavy"]);
  const pace = new BodyPace(
    (account, cpuUs) => charged.push([account, cpuUs]),
    (account) => (held.has(account) ? 1 : 0),
  );
  assert.is(pace.took("light", 1_024), undefined);
  let isOn = false;
  const waits = pace.took("heavy", 64 * 1_024)?.then(() => (isOn = true));
  assert.ok(waits !== undefined);
  assert.equal(charged, [
    ["light", 2],
    ["heavy", 128],
  ]);
  for (let i = 0; i < 20; i++) await nextTurn();
  assert.not(isOn);
  held.clear();
  await waits;
  assert.ok(isOn);
});

test.run();
