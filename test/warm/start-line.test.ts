import { test } from "uvu";
import * as assert from "uvu/assert";
import { StartLine } from "../../src/warm/start-line.ts";

test("StartLine serves accounts in turn, and each with a bounded number at once", () => {
  const line = new StartLine<{ account: string; name: string }>();
  for (let i = 0; i < 5; i++) line.add({ account: "storm", name: `s${i}` });
  line.add({ account: "calm", name: "c0" });
  const begun: string[] = [];
  const begin = (): void => {
    const next = line.next(3);
    if (next === undefined) return;
    begun.push(next.name);
    line.begin(next);
  };
  for (let i = 0; i < 6; i++) begin();
  assert.equal(begun, ["s0", "c0", "s1", "s2"]);
  line.end({ account: "storm", name: "s1" });
  begin();
  begin();
  assert.equal(begun.slice(4), ["s3"]);
  assert.is(line.next(3), undefined);
  assert.is(line.next(4)?.name, "s4");
});

test.run();
