import ivm from "isolated-vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Realm } from "./realm-fixture.ts";

/** What can be seen of `Temporal`, but for its functions themselves. */
const SHAPE = `JSON.stringify([Temporal, Temporal.Now, ...Object.getOwnPropertyNames(Temporal).map((name) => Temporal[name].prototype)]
  .filter((object) => object !== undefined)
  .map((object) => [Object.prototype.toString.call(object), Object.getPrototypeOf(object) === Object.prototype,
    Reflect.ownKeys(object).map((key) => { const it = Object.getOwnPropertyDescriptor(object, key);
      return [String(key), it.writable, it.enumerable, it.configurable, it.value?.name, it.value?.length]; })]))`;
const LAZY = "Object.getOwnPropertyDescriptor(globalThis, 'Temporal')";

test("freezeTemporal() gives a Temporal that looks like V8's", async () => {
  using realm = await Realm.make();
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  try {
    const native = (await (await isolate.createContext()).eval(SHAPE)) as string;
    const objects = JSON.parse((await realm.run(SHAPE)) as string) as unknown[];
    for (const [i, object] of (JSON.parse(native) as unknown[]).entries()) assert.equal(objects[i], object);
  } finally {
    isolate.dispose();
  }
});

test("freezeTemporal() hides that Temporal waits", async () => {
  using realm = await Realm.make();
  const shown = `const it = ${LAZY}; [typeof it.value, it.writable, it.enumerable, it.configurable].join()`;
  assert.is(await realm.run(shown), "object,true,false,true");
  assert.is(
    await realm.run(
      "[new Date(5).toTemporalInstant() instanceof Temporal.Instant, Temporal.PlainDate.from('2024-02-29').add({ years: 1 })].join()",
    ),
    "true,2025-02-28",
  );
});

test("freezeTemporal() leaves no way to V8's clock, whatever is asked for first", async () => {
  for (const first of ["new Date(0).toTemporalInstant()", "Temporal", "delete globalThis.Temporal"]) {
    using realm = await Realm.make();
    await realm.control("setClock", 1_700_000_000_000);
    await realm.run(`${first}; 1`);
    const ticks = `typeof Temporal === "undefined" ? "gone" : String(Temporal.Now.instant().epochNanoseconds)`;
    const expected = first.startsWith("delete") ? "gone" : "1700000000000000000";
    assert.is(await realm.run(ticks), expected, first);
  }
});

test("freezeTemporal() gives who has replaced Date.prototype.toTemporalInstant what comes of that", async () => {
  using realm = await Realm.make();
  await realm.run("Date.prototype.toTemporalInstant = () => ({}); 1");
  assert.match(await realm.thrown("Temporal"), /^TypeError/);
  assert.is(await realm.run("Temporal = 'a polyfill'; Temporal"), "a polyfill");
});

test.run();
