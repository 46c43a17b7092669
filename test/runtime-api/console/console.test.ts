import { test } from "uvu";
import * as assert from "uvu/assert";
import { console as own } from "../../../runtime-api/console/console.ts";
import { formatLog } from "../../../runtime-api/console/format.ts";
import { inspect } from "../../../runtime-api/console/inspect.ts";
import "../../../runtime-api/console/platform.ts";
import { DOMException as OwnException } from "../../../runtime-api/dom-exception/dom-exception.ts";
import { URL as OwnURL } from "../../../runtime-api/url/url.ts";
import { standInIo } from "../stand-in-io.ts";

test("inspect() shows each kind of value", () => {
  standInIo();
  const samples: [unknown, string][] = [
    ["text", "text"],
    [["text"], '["text"]'],
    [1, "1"],
    [-0, "-0"],
    [5n, "5n"],
    [null, "null"],
    [undefined, "undefined"],
    [Symbol("s"), "Symbol(s)"],
    [{}, "{}"],
    [{ a: 1, "b-c": [2, { d: null }] }, '{ a: 1, "b-c": [2, { d: null }] }'],
    [Object.assign([], { length: 1 }), "[<empty>]"],
    [new Map([["a", { b: 1 }]]), 'Map(1) { "a" => { b: 1 } }'],
    [new Set([1, 2]), "Set(2) { 1, 2 }"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [/a\/b/gi, "/a\\/b/gi"],
    [new Uint8Array([1, 2]), "Uint8Array(2) [1, 2]"],
    [new ArrayBuffer(3), "ArrayBuffer { byteLength: 3 }"],
    [function named() {}, "[Function: named]"],
    [() => {}, "[Function (anonymous)]"],
    [Object("s"), '[String: "s"]'],
    [Object.create(null), "[Object: null prototype] {}"],
    [
      new (class Point {
        x = 1;
      })(),
      "Point { x: 1 }",
    ],
    [Promise.resolve(1), "Promise {}"],
    [Object.create(Map.prototype), "Map {}"],
    [
      new OwnURL("https://a.b/c"),
      'URL { href: "https://a.b/c", origin: "https://a.b", pathname: "/c", search: "", hash: "" }'
        .replace(/^URL \{ (.*) \}$/s, "URL {\n  $1\n}")
        .replaceAll(", ", ",\n  "),
    ],
  ];
  for (const [value, text] of samples) assert.is(inspect(value), text);
});

test("inspect() shows errors by their stack, with own members and cause", () => {
  const error = Object.assign(new TypeError("bad", { cause: "why" }), { code: 7 });
  const text = inspect(error);
  assert.match(text, /^TypeError: bad\n +at [\s\S]*\{ code: 7 \}\n  \[cause\]: "why"$/);
  assert.match(inspect(new OwnException("m", "AbortError")), /^AbortError: m\n +at /);
  const bare = new Error("x");
  Object.defineProperty(bare, "stack", { value: undefined });
  assert.is(inspect(bare), "Error: x");
});

test("inspect() calls no getter and survives hostile objects", () => {
  let called = 0;
  const getters = {
    get a(): number {
      return called++;
    },
    set b(_value: unknown) {
      called++;
    },
    get [Symbol.toStringTag](): string {
      called++;
      return "x";
    },
  };
  assert.is(inspect(getters), "{ a: [Getter], b: [Setter], [Symbol(Symbol.toStringTag)]: [Getter] }");
  class Sly extends Error {
    override get message(): string {
      called++;
      return "m";
    }
    override get name(): string {
      called++;
      return "n";
    }
  }
  const sly = new Sly();
  Object.defineProperty(sly, "stack", { get: () => called++ });
  called = 0;
  assert.is(inspect(sly), "Error");
  assert.is(called, 0);
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error("no");
      },
      getPrototypeOf: () => {
        throw new Error("no");
      },
    },
  );
  assert.is(inspect([hostile]), "[[object that cannot be inspected]]");
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.is(inspect(proxy), "[object that cannot be inspected]");
});

test("inspect() is bounded in depth, members and characters", () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  assert.is(inspect(cyclic), "{ self: [Circular] }");
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i++) deep = { deep };
  assert.match(inspect(deep), /\[Object\]/);
  assert.match(inspect(Array.from({ length: 1e6 }, () => 1)), /… 999900 more/);
  assert.ok(inspect(Array.from({ length: 100 }, () => "x".repeat(1e5))).length < 80_000);
  let wide: unknown = 1;
  for (let i = 0; i < 4; i++) {
    const inner = wide;
    wide = Array.from({ length: 100 }, () => inner);
  }
  assert.ok(inspect(wide).length < 200_000);
  assert.is(inspect(10n ** 5_000n), "[huge BigInt]n");
});

test("formatLog() replaces directives of the first argument", () => {
  const samples: [unknown[], string][] = [
    [["a", 1, { b: 2 }], "a 1 { b: 2 }"],
    [["%s is %d and %i or %f%%", "x", "4.5", 4.7, "1.5e1z"], "x is 4.5 and 4 or 15%"],
    [["%o %O %j", [1], { a: 1 }, "s"], '[1] { a: 1 } ["s"]'],
    [["%cred", "color: red"], "red"],
    [["100%", 5], "100% 5"],
    [["%s"], "%s"],
    [["%x %s", 1, 2], "%x 1 2"],
    [
      [
        "%d",
        {
          valueOf: () => {
            throw new Error("no");
          },
        },
      ],
      "NaN",
    ],
    [[{ a: 1 }, "%s", 1], "{ a: 1 } %s 1"],
    [[], ""],
    [["%s %s", "only"], "only %s"],
  ];
  for (const [args, text] of samples) assert.is(formatLog(args), text);
});

test("console writes each call as one line of its level", () => {
  const seen = standInIo();
  own.debug("d");
  own.log("l", 1);
  own.info("i");
  own.warn("w");
  own.error("e");
  own.assert(true, "no");
  own.assert(false, "yes %d", 1);
  own.dir({ a: 1 });
  assert.equal(seen.logs, [
    ["debug", "d"],
    ["log", "l 1"],
    ["info", "i"],
    ["warn", "w"],
    ["error", "e"],
    ["error", "Assertion failed: yes 1"],
    ["log", "{ a: 1 }"],
  ]);
});

test("console counts, times, groups, traces and draws tables", () => {
  const seen = standInIo();
  own.count();
  own.count();
  own.countReset();
  own.count();
  own.time("t");
  seen.clockMs += 12;
  own.timeLog("t", "so far");
  own.timeEnd("t");
  own.timeEnd("t");
  own.group("g");
  own.log("in\nside");
  own.groupEnd();
  own.groupEnd();
  own.table([{ a: 1, b: "x" }, { b: "y" }, 5]);
  own.trace("here");
  const texts = seen.logs.map(([, text]) => text);
  assert.equal(texts.slice(0, 9), [
    "default: 1",
    "default: 2",
    "default: 1",
    "t: 12ms so far",
    "t: 12ms",
    "Timer 't' does not exist",
    "g",
    "  in\n  side",
    "(index) | a | b | Values\n0       | 1 | x |       \n1       |   | y |       \n2       |   |   | 5     ",
  ]);
  assert.match(texts[9] as string, /^Trace: here\n +at .*console\.test/);
});

test.run();
