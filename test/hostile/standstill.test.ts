import { test } from "uvu";
import * as assert from "uvu/assert";
import { Standstill } from "./standstill.ts";

test("Standstill sees a loop that stands still while the machine goes on, and forgets it when told to", async () => {
  const standstill = new Standstill();
  try {
    // The witness counts on while this loop does nothing else.
    while (standstill.maxMs === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let rounds = 0; standstill.maxMs < 100; rounds++) {
      assert.ok(rounds < 100, `${standstill.maxMs}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
    // This loop alone may stand still just then: that is seen as well, so it may take some attempts.
    for (let rounds = 0; standstill.maxMs >= 100; rounds++) {
      assert.ok(rounds < 100, `${standstill.maxMs}`);
      standstill.reset();
    }
  } finally {
    await standstill.close();
  }
});

test.run();
