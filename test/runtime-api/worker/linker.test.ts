import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModuleDefinition } from "../../../runtime-api/contract/boot.ts";
import { Linker } from "../../../runtime-api/worker/linker/linker.ts";

type Getters = Record<string, (() => unknown) | [request: number, name?: string]>;
type Imports = Record<string, unknown>[];
type Import = (specifier: unknown) => Promise<Record<string, unknown>>;
type Body = (
  imports: Imports,
  meta: { url: string },
  load: Import,
  define: (getters: Getters) => void,
) => unknown;

function esm(
  name: string,
  requests: string[],
  body: Body,
  more: { stars?: number[]; isAsync?: boolean } = {},
): ModuleDefinition {
  return [name, "esm", requests, more.stars ?? [], more.isAsync ?? false, body as never];
}

function cjs(
  name: string,
  body: (
    module: { exports: unknown },
    exports: Record<string, unknown>,
    require: (name: string) => unknown,
  ) => void,
): ModuleDefinition {
  return [name, "cjs", [], [], false, body as never];
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("did not reject");
}

function defaultOf(value: unknown): ModuleDefinition[5] {
  return function* (_imports: Imports, _meta: unknown, _load: unknown, define: (getters: Getters) => void) {
    define({ default: () => value });
    yield;
  } as never;
}

test("Linker: imports are live", async () => {
  const seen: unknown[] = [];
  const linker = new Linker(
    [
      esm("main.js", ["./counter.js"], function* (imports) {
        yield;
        seen.push(imports[0]!.count);
        (imports[0]!.increment as () => void)();
        seen.push(imports[0]!.count);
      }),
      esm("counter.js", [], function* (_imports, _meta, _load, define) {
        let count = 0;
        function increment(): void {
          count++;
        }
        define({ count: () => count, increment: () => increment });
        yield;
        count = 10;
      }),
    ],
    [],
  );
  await linker.run(linker.get("main.js"));
  assert.equal(seen, [10, 11]);
});

test("Linker: a cycle sees hoisted functions, and other names throw until they are set", async () => {
  const order: string[] = [];
  const linker = new Linker(
    [
      esm("a.js", ["./b.js"], function* (imports, _meta, _load, define) {
        let later: string | undefined = undefined;
        function hoisted(): string {
          return "hoisted";
        }
        define({ hoisted: () => hoisted, later: () => early(() => later) });
        yield;
        later = "set";
        order.push(`a sees ${imports[0]!.b as string}`);
      }),
      esm("b.js", ["./a.js"], function* (imports, _meta, _load, define) {
        let b: string | undefined = undefined;
        define({ b: () => b });
        yield;
        b = (imports[0]!.hoisted as () => string)();
        assert.throws(() => imports[0]!.later, /before initialization/);
        order.push("b");
      }),
    ],
    [],
  );
  await linker.run(linker.get("a.js"));
  assert.equal(order, ["b", "a sees hoisted"]);
});

/** Reads a binding as a real `let` would be: undefined stands for "not yet". */
function early<T>(read: () => T): T {
  const value = read();
  if (value === undefined) throw new ReferenceError("Cannot access binding before initialization");
  return value;
}

test("Linker: export * passes names on, but no default and nothing ambiguous", async () => {
  const shared = () => 1;
  const names = (getters: Getters): Body =>
    function* (_imports, _meta, _load, define) {
      define(getters);
      yield;
    };
  const linker = new Linker(
    [
      esm("main.js", ["./x.js", "./y.js"], names({ own: () => "own" }), { stars: [0, 1] }),
      esm("x.js", ["./z.js"], names({ default: () => 0, both: () => "x", x: () => "x", own: () => "x" }), {
        stars: [0],
      }),
      esm("y.js", ["./z.js"], names({ both: () => "y", y: () => "y" }), { stars: [0] }),
      esm("z.js", [], names({ z: shared })),
    ],
    [],
  );
  const main = linker.get("main.js");
  await linker.run(main);
  assert.equal(Object.keys(main.namespace), ["own", "x", "y", "z"]);
  assert.is(main.namespace.own, "own");
  assert.is(main.namespace.z, 1);
});

test("Linker: one binding that comes through two modules is not ambiguous", async () => {
  const passing = (getters: Getters): Body =>
    function* (_imports, _meta, _load, define) {
      define(getters);
      yield;
    };
  const linker = new Linker(
    [
      esm("main.js", ["./one.js", "./two.js"], passing({}), { stars: [0, 1] }),
      esm(
        "one.js",
        ["./leaf.js", "./plain.cjs"],
        passing({ a: [0, "value"], all: [0], late: [1, "late"], other: [0, "value"], default: [0, "value"] }),
      ),
      esm(
        "two.js",
        ["./leaf.js", "./plain.cjs"],
        passing({ a: [0, "value"], all: [0], late: [1, "late"], other: [0, "second"] }),
      ),
      esm("leaf.js", [], passing({ value: () => 1, second: () => 2 })),
      cjs("plain.cjs", (_module, exports) => void (exports["late"] = 3)),
    ],
    [],
  );
  const main = linker.get("main.js");
  await linker.run(main);
  assert.equal(Object.keys(main.namespace), ["a", "all", "late"]);
  assert.equal([main.namespace.a, main.namespace.late], [1, 3]);
  assert.is(main.namespace.all, linker.get("leaf.js").namespace);
});

test("Linker: a namespace is closed, sorted and has no prototype", async () => {
  const linker = new Linker(
    [
      esm("m.js", [], function* (_i, _m, _l, define) {
        define({ b: () => 2, a: () => 1 });
        yield;
      }),
    ],
    [],
  );
  const module = linker.get("m.js");
  await linker.run(module);
  const { namespace } = module;
  assert.equal(Object.keys(namespace), ["a", "b"]);
  assert.is(Object.getPrototypeOf(namespace), null);
  assert.is(Object.prototype.toString.call(namespace), "[object Module]");
  assert.throws(
    () => (namespace.a = 2),
    (error: unknown) => error instanceof TypeError,
  );
  assert.throws(
    () => (namespace.c = 2),
    (error: unknown) => error instanceof TypeError,
  );
});

test("Linker: modules with await hold up those that need them, siblings run in parallel", async () => {
  const order: string[] = [];
  const gates = { a: Promise.withResolvers<void>(), b: Promise.withResolvers<void>() };
  const waiting = (name: "a" | "b"): ModuleDefinition =>
    esm(
      `${name}.js`,
      [],
      async function* (_i, _m, _l, define) {
        let value: string | undefined = undefined;
        define({ value: () => value });
        yield;
        order.push(`${name} begins`);
        await gates[name].promise;
        value = name;
        order.push(`${name} ends`);
      },
      { isAsync: true },
    );
  const linker = new Linker(
    [
      esm("main.js", ["./a.js", "./b.js", "./plain.js"], function* (imports) {
        yield;
        order.push(`main sees ${imports[0]!.value as string}${imports[1]!.value as string}`);
      }),
      waiting("a"),
      waiting("b"),
      esm("plain.js", [], function* () {
        yield;
        order.push("plain");
      }),
    ],
    [],
  );
  const done = linker.run(linker.get("main.js"));
  for (let i = 0; i < 10; i++) await Promise.resolve();
  assert.equal(order, ["a begins", "b begins", "plain"]);
  gates.b.resolve();
  for (let i = 0; i < 10; i++) await Promise.resolve();
  assert.equal(order.at(-1), "b ends");
  gates.a.resolve();
  await done;
  assert.equal(order.slice(3), ["b ends", "a ends", "main sees ab"]);
});

test("Linker: a module that awaited is imported again without running again", async () => {
  let runs = 0;
  const linker = new Linker(
    [
      esm(
        "main.js",
        ["./late.js"],
        async function* (_i, _m, load) {
          yield;
          const again = await load("./late.js");
          assert.is(again.value, 1);
        },
        { isAsync: true },
      ),
      esm(
        "late.js",
        [],
        async function* (_i, _m, _l, define) {
          let value: number | undefined = undefined;
          define({ value: () => value });
          yield;
          await Promise.resolve();
          value = ++runs;
        },
        { isAsync: true },
      ),
    ],
    [],
  );
  await linker.run(linker.get("main.js"));
  assert.is(runs, 1);
});

test("Linker: an error is thrown to every importer, and the module does not run twice", async () => {
  let runs = 0;
  const linker = new Linker(
    [
      esm("main.js", [], function* (_i, _m, load, define) {
        define({ load: () => load });
        yield;
      }),
      esm("user.js", ["./bad.js"], function* () {
        yield;
      }),
      esm("bad.js", [], function* () {
        yield;
        runs++;
        throw new Error(`run ${runs}`);
      }),
      esm("late.js", ["./bad-late.js"], function* () {
        yield;
        runs += 100;
      }),
      esm(
        "bad-late.js",
        [],
        async function* () {
          yield;
          await Promise.resolve();
          throw new Error("late");
        },
        { isAsync: true },
      ),
    ],
    [],
  );
  const main = linker.get("main.js");
  await linker.run(main);
  const load = main.namespace.load as Import;
  assert.is((await rejection(load("./user.js"))).message, "run 1");
  assert.is((await rejection(load("./bad.js"))).message, "run 1");
  assert.is((await rejection(load("./user.js"))).message, "run 1");
  assert.is((await rejection(load("./late.js"))).message, "late");
  assert.is((await rejection(load("./late.js"))).message, "late");
  assert.is(runs, 1);
});

test("Linker: import() resolves computed names against its module", async () => {
  const linker = new Linker(
    [
      esm("lib/main.js", [], function* (_i, meta, load, define) {
        define({ load: () => load, url: () => meta.url });
        yield;
      }),
      ["lib/a.js", "esm", [], [], false, defaultOf("lib/a")],
      ["a.js", "esm", [], [], false, defaultOf("a")],
    ],
    [],
  );
  const main = linker.get("lib/main.js");
  await linker.run(main);
  const load = main.namespace.load as Import;
  assert.is(main.namespace.url, "file:///lib/main.js");
  assert.is((await load("./a.js")).default, "lib/a");
  assert.is((await load("../a.js")).default, "a");
  assert.is((await load("a.js")).default, "a");
  assert.is((await load(new URL("./a.js", main.namespace.url as string))).default, "lib/a");
  assert.is(
    (await rejection(load("../../a.js"))).message,
    'No such module "../../a.js".\n  imported from "lib/main.js"',
  );
  assert.match((await rejection(load("./b.js"))).message, /^No such module "lib\/b\.js"\./);
});

test("Linker: a missing import fails before anything runs", async () => {
  let ran = false;
  const linker = new Linker(
    [
      esm("main.js", ["./side.js", "./gone.js"], function* () {
        yield;
      }),
      esm("side.js", [], function* () {
        yield;
        ran = true;
      }),
    ],
    [],
  );
  assert.match((await rejection(linker.run(linker.get("main.js")))).message, /^No such module "gone\.js"\./);
  assert.not(ran);
  assert.throws(() => linker.get("none.js"), 'No such module "none.js".');
});

test("Linker: CommonJS modules have require, module and exports, and named exports for import", async () => {
  const linker = new Linker(
    [
      esm("main.js", ["./c.cjs", "./f.cjs"], function* (imports, _m, _l, define) {
        define({ c: () => imports[0], f: () => imports[1] });
        yield;
      }),
      cjs("c.cjs", (module, exports, require) => {
        exports.one = 1;
        exports.twice = (require("./f.cjs") as (n: number) => number)(4);
        exports.text = require("./note.txt");
        exports.esm = (require("./e.js") as Record<string, unknown>).default;
        exports.self = module.exports === exports;
        assert.throws(() => require("./gone.cjs"), 'No such module "gone.cjs".');
        assert.throws(() => require("./waits.js"), /top-level await/);
      }),
      cjs("f.cjs", (module) => {
        module.exports = (n: number) => n * 2;
      }),
      ["e.js", "esm", [], [], false, defaultOf("from esm")],
      esm(
        "waits.js",
        [],
        async function* () {
          yield;
          await Promise.resolve();
        },
        { isAsync: true },
      ),
    ],
    ["note.txt", "text", "a note"],
  );
  const main = linker.get("main.js");
  await linker.run(main);
  const { c, f } = main.namespace as { c: Record<string, unknown>; f: Record<string, unknown> };
  assert.is(c.one, 1);
  assert.is(c.twice, 8);
  assert.is(c.text, "a note");
  assert.is(c.esm, "from esm");
  assert.is(c.self, true);
  assert.is((c.default as Record<string, unknown>).one, 1);
  assert.is((f.default as (n: number) => number)(3), 6);
});

test("Linker: a CommonJS cycle sees what is exported so far", async () => {
  const linker = new Linker(
    [
      cjs("a.cjs", (_module, exports, require) => {
        exports.early = "early";
        exports.seen = (require("./b.cjs") as Record<string, unknown>).seen;
      }),
      cjs("b.cjs", (_module, exports, require) => {
        exports.seen = (require("./a.cjs") as Record<string, unknown>).early;
      }),
    ],
    [],
  );
  const main = linker.get("a.cjs");
  await linker.run(main);
  assert.is((main.namespace.default as Record<string, unknown>).seen, "early");
});

test("Linker: text, JSON and data are default exports", async () => {
  const linker = new Linker(
    [
      esm("main.js", ["./t.txt", "./j.json", "./d.bin", "./bad.json"], function* (imports, _m, _l, define) {
        define({ values: () => imports });
        yield;
      }),
    ],
    [
      "t.txt",
      "text",
      "text",
      "j.json",
      "json",
      '{"a":[1]}',
      "./d.bin",
      "data",
      Uint8Array.of(1, 2),
      "bad.json",
      "json",
      "{",
    ],
  );
  const main = linker.get("main.js");
  await linker.run(main);
  const values = main.namespace.values as Imports;
  assert.is(values[0]!.default, "text");
  assert.equal(values[1]!.default, { a: [1] });
  assert.is(values[1]!.default, values[1]!.default);
  assert.ok(values[2]!.default instanceof ArrayBuffer);
  assert.equal([...new Uint8Array(values[2]!.default as ArrayBuffer)], [1, 2]);
  assert.throws(
    () => values[3]!.default,
    (error: unknown) => error instanceof SyntaxError,
  );
});

test.run();
