import { test } from "uvu";
import * as assert from "uvu/assert";
import { guardHeaders, Headers, headersFromFlat, headersToFlat } from "../../../runtime-api/fetch/headers.ts";
import { ofKind } from "../../of-kind.ts";

const NodeHeaders = globalThis.Headers;

/** What both classes make of the same step: its value, or that it threw a TypeError. */
function outcome(step: () => unknown): unknown {
  try {
    return step() ?? null;
  } catch (error) {
    return error instanceof TypeError ? "TypeError" : error;
  }
}

test("Headers does what Node's does, over many random steps", () => {
  let seed = 11;
  const random = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const names = [
    "a",
    "A",
    "Content-Type",
    "content-type",
    "Set-Cookie",
    "x-y",
    "b\u00e9",
    "",
    "a b",
    "__proto__",
    "constructor",
  ];
  const values = [
    "1",
    "",
    " padded\t",
    "a, b",
    "b\u00e9",
    "\u20ac",
    "line\nfeed",
    "nul\0",
    "\r\ntrim\r\n",
    "x".repeat(50),
  ];
  const methods = ["append", "append", "set", "delete", "get", "has", "getSetCookie"] as const;
  let ours = new Headers();
  let theirs = new NodeHeaders();
  for (let i = 0; i < 5_000; i++) {
    const method = methods[random(methods.length)] as (typeof methods)[number];
    const args = [names[random(names.length)], values[random(values.length)]].slice(
      0,
      method === "append" || method === "set" ? 2 : method === "getSetCookie" ? 0 : 1,
    );
    const run = (headers: Headers | globalThis.Headers): unknown =>
      outcome(() => (headers[method] as (...a: unknown[]) => unknown)(...args));
    assert.equal(run(ours), run(theirs), `${method} ${JSON.stringify(args)}`);
    if (i % 20 === 0) {
      assert.equal([...ours], [...theirs]);
      assert.equal([...ours.keys()], [...theirs.keys()]);
      assert.equal([...ours.values()], [...theirs.values()]);
    }
    if (i % 100 === 0) ours = headersFromFlat(headersToFlat(ours), "none");
    if (i % 500 === 499) [ours, theirs] = [new Headers(), new NodeHeaders()];
  }
});

const INITS: unknown[] = [
  undefined,
  null,
  1,
  "text",
  Symbol(),
  [],
  {},
  [
    ["a", "1"],
    ["A", "2"],
  ],
  [["a"]],
  [["a", "1", "2"]],
  ["ab"],
  [1],
  { a: 1, B: null },
  new Map([["a", "1"]]),
  { [Symbol.iterator]: null, a: "1" },
  { [Symbol.iterator]: 1 },
  { [Symbol("s")]: "1" },
  { "a b": "1" },
  { a: "\u20ac" },
  new Set(["xy"]),
  Object.create({ inherited: "1" }),
];
test("new Headers takes and refuses what Node's does", () => {
  for (const init of INITS) {
    const make = (Class: new (init: never) => Iterable<[string, string]>): unknown =>
      outcome(() => [...new Class(init as never)]);
    assert.equal(
      make(Headers as never),
      make(NodeHeaders as never),
      String(typeof init === "symbol" ? "symbol" : JSON.stringify(init)),
    );
  }
  assert.equal([...new Headers(new Headers({ a: "1" }))], [["a", "1"]]);
  const hidden = Object.defineProperty({ b: "2" }, "hidden", { value: "1" });
  assert.equal([...new Headers(hidden)], [["b", "2"]]);
});

test("new Headers reads a record as Web IDL does: a name is checked before its value is read", () => {
  const steps: string[] = [];
  const watch = (record: object): unknown =>
    new Proxy(record, {
      get(target, key) {
        steps.push(`get ${String(key)}`);
        return Reflect.get(target, key);
      },
      getOwnPropertyDescriptor(target, key) {
        steps.push(`look ${String(key)}`);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  assert.throws(
    () => new Headers(watch({ a: "1", "\uffff": "2" }) as Record<string, string>),
    ofKind(TypeError),
  );
  assert.throws(
    () => new Headers(watch({ [Symbol.toStringTag]: "2" }) as Record<string, string>),
    ofKind(TypeError),
  );
  assert.equal(steps, [
    "get Symbol(Symbol.iterator)",
    "look a",
    "get a",
    "look \uffff",
    "get Symbol(Symbol.iterator)",
    "look Symbol(Symbol.toStringTag)",
  ]);
});

test("Headers keeps the text of the wire until it is asked, and after", () => {
  const flat = "Host\nexample.com\nAccept\ta\n*/*\nX-A\n1\nx-a\n2";
  const headers = headersFromFlat(flat, "none");
  assert.is(headersToFlat(headers), flat);
  assert.is(headers.get("x-A"), "1, 2");
  assert.is(headersToFlat(headers), flat);
  const copy = new Headers(headers);
  copy.set("x-a", "3");
  assert.is(headersToFlat(headers), flat);
  assert.is(copy.get("x-a"), "3");
  assert.is(headers.get("x-a"), "1, 2");
});

test("Headers lists cookies one by one", () => {
  const headers = headersFromFlat("set-cookie\na=1\nb\n2\nSet-Cookie\nc=3", "none");
  assert.equal(headers.getSetCookie(), ["a=1", "c=3"]);
  assert.equal(headers.getAll("Set-Cookie"), ["a=1", "c=3"]);
  assert.throws(() => headers.getAll("b"), ofKind(TypeError));
  assert.equal(
    [...headers],
    [
      ["b", "2"],
      ["set-cookie", "a=1"],
      ["set-cookie", "c=3"],
    ],
  );
});

test("Headers that are immutable refuse changes", () => {
  const headers = headersFromFlat("a\n1", "none");
  guardHeaders(headers, "immutable");
  for (const change of [
    () => headers.set("a", "2"),
    () => headers.append("b", "1"),
    () => headers.delete("a"),
  ]) {
    assert.throws(change, /Can't modify immutable headers/);
  }
  assert.is(headers.get("a"), "1");
  const copy = new Headers(headers);
  copy.set("a", "2");
  assert.is(copy.get("a"), "2");
});

test("Headers' iteration and forEach see changes that happen meanwhile", () => {
  const headers = new Headers({ b: "1", c: "2" });
  const seen: string[] = [];
  headers.forEach((value, name) => {
    seen.push(`${name}=${value}`);
    if (name === "b") headers.set("d", "3");
  });
  assert.equal(seen, ["b=1", "c=2", "d=3"]);
});

test("Headers' methods go by the brand and count their arguments", () => {
  const fake = Object.create(Headers.prototype) as Headers;
  for (const name of [
    "get",
    "has",
    "delete",
    "getSetCookie",
    "entries",
    "keys",
    "values",
    "append",
    "set",
    "forEach",
  ] as const) {
    assert.throws(
      () => (fake[name] as (...args: unknown[]) => unknown)("a", () => {}),
      ofKind(TypeError),
      name,
    );
  }
  assert.throws(() => (new Headers().set as (name: string) => void)("a"), /2 arguments/);
  assert.equal(Object.keys(Headers.prototype).sort(), [
    "append",
    "delete",
    "entries",
    "forEach",
    "get",
    "getAll",
    "getSetCookie",
    "has",
    "keys",
    "set",
    "values",
  ]);
  assert.is(Object.prototype.toString.call(new Headers()), "[object Headers]");
  assert.is(Headers.name, "Headers");
});

test.run();
