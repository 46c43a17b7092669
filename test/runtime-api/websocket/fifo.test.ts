import { test } from "uvu";
import * as assert from "uvu/assert";
import { Fifo } from "../../../runtime-api/websocket/fifo.ts";
import { Random } from "../../cell/random.ts";

test("Fifo gives what it got, in order, however long it grows", () => {
  const random = new Random(3);
  const fifo = new Fifo<number>();
  const model: number[] = [];
  for (let i = 0; i < 60_000; i++) {
    if (random.int(10) < (i < 30_000 ? 7 : 3)) {
      fifo.push(i);
      model.push(i);
    } else {
      assert.is(fifo.peek(), model[0]);
      assert.is(fifo.shift(), model.shift());
    }
    assert.is(fifo.length, model.length);
  }
  fifo.clear();
  assert.is(fifo.length, 0);
  assert.is(fifo.peek(), undefined);
  assert.is(fifo.shift(), undefined);
});

test.run();
