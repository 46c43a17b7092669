import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../../runtime-api/clone/dom-exception.ts";
import { refuseClone, registerCloneable } from "../../../runtime-api/clone/kinds.ts";
import { structuredClone as own } from "../../../runtime-api/clone/structured-clone.ts";
import { DOMException as OwnException } from "../../../runtime-api/dom-exception/dom-exception.ts";

function sparse(): unknown[] {
  const list: unknown[] = [1, 2, 3];
  delete list[1];
  return list;
}

function refused(run: () => unknown): void {
  assert.throws(run, (error: Error) => error.name === "DataCloneError");
}

test("structuredClone() copies every type of the algorithm as Node's does", () => {
  const samples = [
    1,
    "x",
    null,
    undefined,
    true,
    5n,
    Number.NaN,
    -0,
    { a: 1, b: { c: [1, 2, { d: 3 }] } },
    sparse(),
    Object.assign([1, 2], { extra: 1 }),
    [],
    new Date(5),
    /a+/gi,
    new Map([[{ k: 1 }, [2]]]),
    new Set([1, "a", { b: 1 }]),
    Object(1),
    Object("s"),
    Object(false),
    Object(5n),
    new Uint8Array([1, 2, 3]).subarray(1),
    new DataView(new ArrayBuffer(8), 2, 3),
    new Float64Array([1.5]),
    new BigInt64Array([5n]),
    new ArrayBuffer(3),
    Object.create(null),
    JSON.parse('{"__proto__":{"a":1}}'),
    new (class Point {
      x = 1;
      get y(): number {
        return 2;
      }
    })(),
    new (class Sub extends Map<number, number> {})([[1, 2]]),
    Object.create(Map.prototype),
  ];
  for (const sample of samples) {
    const copy = own(sample);
    assert.equal(copy, structuredClone(sample));
    assert.is(Object.prototype.toString.call(copy), Object.prototype.toString.call(structuredClone(sample)));
    if (typeof sample === "object" && sample !== null) assert.is.not(copy, sample);
  }
  assert.ok(Number.isNaN(own(new Date(Number.NaN)).getTime()));
  assert.is(1 in own(sparse()), false);
  assert.ok(Object.hasOwn(own(JSON.parse('{"__proto__":1}')), "__proto__"));
});

test("structuredClone() keeps cycles and shared parts", () => {
  const cyclic: { self?: unknown; map: Map<unknown, unknown>; a?: unknown; b?: unknown } = { map: new Map() };
  cyclic.self = cyclic;
  cyclic.map.set(cyclic, cyclic.map);
  const shared = new ArrayBuffer(4);
  cyclic.a = new Uint8Array(shared);
  cyclic.b = new Uint8Array(shared, 2);
  const copy = own(cyclic) as Required<typeof cyclic>;
  assert.is(copy.self, copy);
  assert.is(copy.map.get(copy), copy.map);
  assert.is((copy.a as Uint8Array).buffer, (copy.b as Uint8Array).buffer);
  assert.is.not((copy.a as Uint8Array).buffer, shared);
});

test("structuredClone() copies errors and DOMExceptions with message, stack and cause", () => {
  const error = Object.assign(new RangeError("m", { cause: { a: 1 } }), { extra: 1 });
  const copy = own(error);
  assert.ok(copy instanceof RangeError);
  assert.equal(
    [copy.message, copy.stack, copy.cause, Object.hasOwn(copy, "extra")],
    ["m", error.stack, { a: 1 }, false],
  );
  assert.is(own(Object.assign(new Error("x"), { name: "Mine" })).name, "Error");
  const exception = new OwnException("m", "AbortError");
  const other = own(exception);
  assert.ok(other instanceof OwnException);
  assert.equal([other.name, other.message, other.stack], ["AbortError", "m", exception.stack]);
});

test("structuredClone() refuses functions, symbols, promises and what was registered so", () => {
  class Platform {}
  refuseClone(Platform.prototype);
  for (const value of [
    () => {},
    Symbol("s"),
    Promise.resolve(),
    new WeakMap(),
    (function* () {})(),
    new Platform(),
    Object(Symbol("s")),
  ]) {
    refused(() => own({ deep: [value] }));
  }
});

test("structuredClone() lets platform classes say how they are copied", () => {
  class Box {
    inner: unknown;
    constructor(inner: unknown) {
      this.inner = inner;
    }
  }
  registerCloneable(Box.prototype, (value, clone) => new Box(clone((value as Box).inner)));
  const box = new Box({ a: 1 });
  const copy = own([box, box]) as [Box, Box];
  assert.is(copy[0], copy[1]);
  assert.equal(copy[0].inner, { a: 1 });
  assert.is.not(copy[0].inner, box.inner);
});

test("structuredClone() hands over buffers and detaches the originals, or changes nothing", () => {
  const buffer = new Uint8Array([1, 2, 3]).buffer;
  const copy = own({ view: new Uint8Array(buffer, 1) }, { transfer: [buffer] });
  assert.equal([...copy.view], [2, 3]);
  assert.is(buffer.byteLength, 0);
  const kept = new ArrayBuffer(2);
  refused(() => own({ kept, bad: () => {} }, { transfer: [kept] }));
  assert.is(kept.byteLength, 2);
  refused(() => own(1, { transfer: [kept, kept] }));
  refused(() => own(1, { transfer: [{}] }));
  refused(() => own(1, { transfer: [buffer] }));
  own(1, { transfer: [kept] });
  assert.is(kept.detached, true);
});

test("structuredClone() passes on what a getter throws", () => {
  assert.throws(
    () =>
      own({
        get a(): never {
          throw new Error("mine");
        },
      }),
    /mine/,
  );
});

test.run();
