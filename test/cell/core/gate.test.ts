import { test } from "uvu";
import * as assert from "uvu/assert";
import { Gate } from "../../../src/cell/core/gate.ts";

test("Gate runs so many tasks at once, the others in order, also after one that fails", async () => {
  const gate = new Gate(2);
  const begun: number[] = [];
  let running = 0;
  const task = (id: number): Promise<void> =>
    gate.run(async () => {
      begun.push(id);
      assert.ok(++running <= 2);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      if (id === 1) throw new Error("one");
    });
  const ended = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(task));
  assert.equal(begun, [0, 1, 2, 3, 4, 5]);
  assert.is(ended.filter(({ status }) => status === "rejected").length, 1);
});

test.run();
