import { test } from "uvu";
import * as assert from "uvu/assert";
import { chooseVictim } from "../../src/warm/choose-victim.ts";
import type { WarmIsolate } from "../../src/warm/warm-isolate.ts";

function isolate(account: string, isPinned = false): WarmIsolate {
  return { version: { account }, isPinned, state: "warm" } as unknown as WarmIsolate;
}

test("chooseVictim takes of an account that has its share what it wants to start itself", () => {
  const calm = isolate("calm");
  const storm = [isolate("storm", true), isolate("storm"), isolate("storm")];
  assert.is(chooseVictim([calm, ...storm], "storm"), storm[1]);
  assert.is(chooseVictim([calm, ...storm], "new"), storm[1]);
  assert.is(chooseVictim([calm, isolate("other")], "new"), calm);
  assert.is(chooseVictim([isolate("calm", true)], "new"), null);
});

test.run();
