import { test } from "uvu";
import * as assert from "uvu/assert";
import { Mark } from "../../../runtime-api/contract/boot.ts";
import { Ask } from "../../../runtime-api/contract/sync.ts";
import { AskDoor } from "../../../src/isolate/ask/ask-door.ts";

const LIMIT = 100_000;

test("AskDoor counts the time of its answers", () => {
  const door = new AskDoor();
  assert.instance(door.ask(Ask.random, 8), Uint8Array);
  const once = door.usedUs;
  assert.ok(once > 0);
  door.ask(Ask.random, 8);
  assert.ok(door.usedUs > once);
});

test("AskDoor tells once, and answers no more, when one slice asks too much", () => {
  const door = new AskDoor();
  let floods = 0;
  door.onFlood = () => floods++;
  for (let slice = 1; slice <= 2; slice++) {
    door.marks[Mark.slice] = slice;
    for (let i = 0; i < LIMIT; i++) door.ask(Ask.utf8Encode, "");
    assert.is(floods, slice - 1);
    assert.is(door.ask(Ask.random, 8), null);
    assert.is(door.ask(Ask.random, 8), null);
    assert.is(floods, slice);
  }
});

test.run();
