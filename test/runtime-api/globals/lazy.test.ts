import { test } from "uvu";
import * as assert from "uvu/assert";
import { defineLazily, hideLaziness } from "../../../runtime-api/globals/lazy.ts";

/** A global object of its own, with two globals that come together, and how often they were made. */
function realm(): { global: Record<string, unknown>; made(): number } {
  let made = 0;
  const global: Record<string, unknown> = {};
  global["Object"] = Object.create(Object, {
    getOwnPropertyDescriptor: { value: Object.getOwnPropertyDescriptor, writable: true },
    getOwnPropertyDescriptors: { value: Object.getOwnPropertyDescriptors, writable: true },
  });
  global["Reflect"] = { getOwnPropertyDescriptor: Reflect.getOwnPropertyDescriptor };
  defineLazily(global, ["A", "B"], (target) => {
    made++;
    for (const name of ["A", "B"])
      Object.defineProperty(target, name, { value: `${name}!`, writable: true, configurable: true });
  });
  hideLaziness(global);
  return { global, made: () => made };
}

test("defineLazily makes what comes together at the first read, once", () => {
  const { global, made } = realm();
  assert.is(made(), 0);
  assert.ok("A" in global);
  assert.is(made(), 0);
  assert.is(global["A"], "A!");
  assert.is(global["B"], "B!");
  assert.is(made(), 1);
});

test("defineLazily leaves alone what was replaced or deleted before", () => {
  const { global } = realm();
  global["B"] = "mine";
  assert.is(global["A"], "A!");
  assert.is(global["B"], "mine");
  const other = realm().global;
  delete other["B"];
  assert.is(other["A"], "A!");
  assert.not("B" in other);
});

test("hideLaziness lets no descriptor show a getter", () => {
  type Describe = (target: object, key: string) => PropertyDescriptor;
  const whole = { value: "A!", writable: true, configurable: true, enumerable: false };
  for (const holder of ["Object", "Reflect"]) {
    const { global, made } = realm();
    const { getOwnPropertyDescriptor } = global[holder] as { getOwnPropertyDescriptor: Describe };
    assert.equal(getOwnPropertyDescriptor(global, "A"), whole);
    assert.is(getOwnPropertyDescriptor.length, 2);
    assert.is(getOwnPropertyDescriptor.name, "getOwnPropertyDescriptor");
    assert.is(made(), 1);
  }
  const { global } = realm();
  const { getOwnPropertyDescriptors } = global["Object"] as ObjectConstructor;
  assert.equal(getOwnPropertyDescriptors(global)["A"], whole);
});

test.run();
