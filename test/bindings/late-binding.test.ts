import { test } from "uvu";
import * as assert from "uvu/assert";
import { lateBinding } from "../../src/bindings/late-binding.ts";
import type { Binding, CallContext } from "../../src/bindings/binding.ts";

test("a binding that cannot be made throws where it is called, and nowhere else", async () => {
  const binding = lateBinding(() => {
    throw new Error("there are too many");
  });
  assert.is(binding.isSubrequest?.("get"), true);
  assert.is(binding.writes?.("get", []), true);
  const error = await binding.call("get", [], {} as CallContext).catch((reason: Error) => reason);
  assert.is((error as Error).message, "there are too many");
});

test("a binding is made once, at its first use, and asked from then on", async () => {
  let made = 0;
  const real: Binding = {
    call: async (op) => [op],
    isSubrequest: (op) => op === "outside",
    writes: () => false,
  };
  const binding = lateBinding(() => {
    made++;
    return real;
  });
  assert.is(made, 0);
  assert.is(binding.isSubrequest?.("inside"), false);
  assert.is(binding.writes?.("inside", []), false);
  assert.equal(await binding.call("inside", [], {} as CallContext), ["inside"]);
  assert.is(made, 1);
});

test.run();
