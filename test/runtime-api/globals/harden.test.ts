import { test } from "uvu";
import * as assert from "uvu/assert";
import { Realm } from "./realm-fixture.ts";

// Node's types have the namespace only, where the class is missing.
const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } })
  .WebAssembly;

/** `(module (memory (export "m") 1) (func (export "f") (result i32) i32.const 42))`. */
const WASM = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 9, 2, 1, 109, 2, 0, 1,
  102, 0, 0, 10, 6, 1, 4, 0, 65, 42, 11,
]);

test("hardenRealm() makes every clock show the slice's, however it is read", async () => {
  using realm = await Realm.make();
  await realm.control("setClock", 1_700_000_000_123.5);
  assert.is(await realm.run("Date.now()"), 1_700_000_000_123);
  assert.is(await realm.run("new Date().getTime()"), 1_700_000_000_123);
  assert.is(await realm.run("Date() === new Date(1700000000123).toString()"), true);
  assert.is(await realm.run("new Date(0).constructor.now()"), 1_700_000_000_123);
  assert.is(await realm.run("performance.now()"), 1_700_000_000_123.5);
  assert.is(await realm.run("Temporal.Now.instant().epochMilliseconds"), 1_700_000_000_123);
  assert.is(await realm.run("Temporal.Now.plainDateISO().toString()"), "2023-11-14");
  assert.is(await realm.run("new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).format()"), "11/14/2023");
  assert.is(
    await realm.run(
      "new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric' }).formatToParts()[0].value",
    ),
    "2023",
  );
  assert.is(await realm.run("new Date(1, 2, 3).getMonth()"), 2);
  assert.is(
    await realm.run(
      "class D extends Date {}; const d = new D(5); d instanceof D && d.getTime() === 5 && Date.name + Date.length",
    ),
    "Date7",
  );
});

test("monotonicUs() goes on ticking when tenants see a frozen clock", async () => {
  using realm = await Realm.make();
  await realm.run("Date = Number = undefined; 1");
  const before = await realm.control("monotonicUs");
  while ((await realm.control("monotonicUs")) <= before);
});

test("hardenRealm() takes away memory that V8 does not count", async () => {
  using realm = await Realm.make();
  assert.is(
    await realm.run(
      "typeof SharedArrayBuffer + typeof Atomics.wait + typeof Atomics.waitAsync + typeof ArrayBuffer.prototype.resize",
    ),
    "undefined".repeat(4),
  );
  assert.match(
    await realm.thrown("new ArrayBuffer(1, { maxByteLength: 2 ** 33 })"),
    /^RangeError: Resizable/,
  );
  assert.match(
    await realm.thrown("new (new ArrayBuffer(1).constructor)(1, { maxByteLength: 2 })"),
    /^RangeError/,
  );
  assert.is(
    await realm.run("class B extends ArrayBuffer {}; new B(3) instanceof B && new B(3).byteLength"),
    3,
  );
  assert.is(await realm.run("new ArrayBuffer(4, {}).byteLength + ArrayBuffer.isView(new Uint8Array(1))"), 5);
});

test("hardenRealm() lets modules of the upload run, and compiles no bytes", async () => {
  using realm = await Realm.make();
  const refused = /^CompileError: WebAssembly\.\w+\(\): Wasm code generation disallowed by embedder$/;
  for (const code of ["new WebAssembly.Module(b)", "WebAssembly.compile(b)", "WebAssembly.instantiate(b)"]) {
    assert.match(await realm.thrown(code, { b: WASM }), refused, code);
  }
  const module = new Module(WASM);
  assert.is(await realm.run("new WebAssembly.Instance(m).exports.f()", { m: module }), 42);
  assert.is(
    await realm.run(
      "WebAssembly.instantiate(m).then((i) => i instanceof WebAssembly.Instance && i.exports.f())",
      { m: module },
    ),
    42,
  );
  assert.match(await realm.thrown("new m.constructor(b)", { m: module, b: WASM }), refused);
  assert.is(
    await realm.run("m instanceof WebAssembly.Module && WebAssembly.Module.exports(m).length", { m: module }),
    2,
  );
});

test("hardenRealm() keeps WebAssembly memories and tables within the isolate's memory", async () => {
  using realm = await Realm.make();
  assert.is(
    await realm.run("new WebAssembly.Memory({ initial: 1, maximum: 65536 }).buffer.byteLength"),
    65_536,
  );
  assert.match(await realm.thrown("new WebAssembly.Memory({ initial: 257 })"), /^RangeError/);
  assert.match(
    await realm.thrown("new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true })"),
    /^TypeError/,
  );
  assert.match(
    await realm.thrown(
      "(() => { const all = []; for (;;) all.push(new WebAssembly.Memory({ initial: 64 })) })()",
    ),
    /^RangeError/,
  );
  assert.match(
    await realm.thrown("(() => { const m = new WebAssembly.Memory({ initial: 0 }); for (;;) m.grow(32) })()"),
    /^RangeError/,
  );
  const module = new Module(WASM);
  assert.match(
    await realm.thrown("(() => { const m = new WebAssembly.Instance(w).exports.m; for (;;) m.grow(32) })()", {
      w: module,
    }),
    /^RangeError/,
  );
  assert.match(
    await realm.thrown("new WebAssembly.Table({ element: 'anyfunc', initial: 1e7 })"),
    /^RangeError/,
  );
  assert.match(
    await realm.thrown("new WebAssembly.Table({ element: 'anyfunc', initial: 1 }).grow(1e7)"),
    /^RangeError/,
  );
});

test("runFinalizers() is the only time that FinalizationRegistry callbacks run", async () => {
  using realm = await Realm.make();
  await realm.run(
    "globalThis.calls = []; globalThis.r = new FinalizationRegistry((held) => { calls.push(held); throw new Error('in ' + held) }); (() => { for (let i = 0; i < 50; i++) r.register({}, i) })(); 1",
  );
  let ran = 0;
  for (let i = 0; i < 50 && ran === 0; i++) {
    await realm.run("for (let i = 0; i < 2e4; i++) globalThis.junk = new Array(100).fill(i); 1");
    assert.is(await realm.run("calls.length"), 0);
    await realm.control("runFinalizers");
    ran = (await realm.run(
      "const n = calls.length; calls.length = 0; n"
        .replace("const n", "globalThis.n")
        .replace("; n", "; globalThis.n"),
    )) as number;
  }
  assert.ok(ran > 0, "nothing was collected");
  assert.match(await realm.control("taken"), /exception Error: in \d+/);
  assert.match(await realm.thrown("FinalizationRegistry(() => {})"), /^TypeError/);
});

test("a finalizer that is due meets no setter of the worker, which would run outside of any slice", async () => {
  using realm = await Realm.make();
  await realm.run(`globalThis.met = 0;
    Object.defineProperty(Array.prototype, "0", { configurable: true, set() { met++; } });
    globalThis.r = new FinalizationRegistry(() => {});
    (() => { for (let i = 0; i < 50; i++) r.register({}, i) })(); 1`);
  for (let i = 0; i < 20; i++)
    await realm.run("for (let i = 0; i < 2e4; i++) globalThis.junk = new Uint8Array(100); 1");
  assert.is(await realm.run("met"), 0);
});

test("Error.prepareStackTrace cannot be set, and V8 never calls a tenant's function for it", async () => {
  using realm = await Realm.make();
  const text = await realm.run(
    "globalThis.called = 0; Error.prepareStackTrace = () => (called++, 'hacked'); new Error('x').stack + called",
  );
  assert.match(text as string, /^Error: x\n[\s\S]*0$/);
  assert.match(
    await realm.thrown("Object.defineProperty(Error, 'prepareStackTrace', { value: () => 1 })"),
    /^TypeError/,
  );
  assert.is(await realm.run("Error.prepareStackTrace"), undefined);
});

test("lockCodeGeneration() stops eval and every function constructor, which work before", async () => {
  using realm = await Realm.make();
  const codes = [
    "eval('1')",
    "(0, eval)('1')",
    "new Function('return 1')",
    "Function('return 1')",
    "(() => {}).constructor('1')",
    "(async () => {}).constructor('1')",
    "(function* () {}).constructor('1')",
    "(async function* () {}).constructor('1')",
    "Reflect.construct(Function, ['1'])",
    "Object.getPrototypeOf((async () => {}).constructor)('1')",
    "saved('1')",
  ];
  await realm.run("globalThis.saved = eval; 1");
  for (const code of codes) assert.is(await realm.thrown(code), "nothing", code);
  assert.is(
    await realm.run("(() => {}) instanceof Function && Function.name + Function.length + eval.length"),
    "Function11",
  );
  await realm.control("lock");
  for (const code of codes)
    assert.is(
      await realm.thrown(code),
      "EvalError: Code generation from strings disallowed for this context",
      code,
    );
  assert.is(await realm.run("eval(5)"), 5);
});

test("hardenRealm() turns builtins that crash or hang the process into errors", async () => {
  using realm = await Realm.make();
  const offenders = [
    "'a'.repeat(2e8)",
    "(() => { let s = 'a'.repeat(3e7); s += s; return s.split('') })()",
    "(() => { let s = 'a'.repeat(3e7); s += s; return s.match(/a/g) })()",
    "(() => { let s = 'a'.repeat(3e7); s += s; return s.replace(/a/g, 'bb') })()",
    "'a'.padEnd(1e8)",
    "new Array(62914560).fill(1)",
    "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
    "Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 1)",
    "Array.from({ length: 2 ** 27 })",
    "JSON.parse('[' + '1,'.repeat(9e6) + '1]')",
    "Object.values('a'.repeat(2e7))",
    "Uint8Array.from({ length: 2 ** 31 })",
    "new Uint8Array(8).set({ length: 2 ** 31 })",
    "String.raw({ raw: { length: 2 ** 31 } })",
    "new Array(100_000).fill(1).toLocaleString()",
    "new Uint8Array(100_000).toLocaleString()",
    "BigInt('1'.repeat(3e6))",
    "(1n << 30_000_000n).toString()",
    "(-1n << 30_000_000n).toLocaleString()",
  ];
  for (const code of offenders)
    assert.match(await realm.thrown(code), /^RangeError: .*too (?:long|large)/, code);
});

test("guarded builtins keep names, lengths and results", async () => {
  using realm = await Realm.make();
  const pairs = [
    ["'a,b'.split(',').join('|')", "a|b"],
    ["'abc'.replace(/b/, (m) => m + m)", "abbc"],
    ["'x'.repeat(3)", "xxx"],
    ["[3, 1, 2].sort().join()", "1,2,3"],
    ["[1, NaN].includes(NaN)", true],
    ["[...'a1b2'.matchAll(/\\d/g)].length", 2],
    ["Array.from({ length: 3 }, (_, i) => i).join()", "0,1,2"],
    ["Array.from(new Set([1, 2])).length", 2],
    ["JSON.parse('{\"a\":1}', (k, v) => v).a", 1],
    ["new Uint8Array(3).fill(7).join()", "7,7,7"],
    ["String.prototype.split.name + String.prototype.split.length", "split2"],
    ["JSON.parse.name + JSON.parse.length", "parse2"],
    ["Object.keys(String.prototype).length + Object.keys(Array.prototype).length", 0],
    ["'prototype' in Array.prototype.fill", false],
    ["BigInt('0x10') + BigInt(5) + BigInt.asIntN(8, 255n)", 20n],
    [
      "BigInt.name + BigInt.length + (Object(1n) instanceof BigInt) + (1n).constructor.name",
      "BigInt1trueBigInt",
    ],
    ["(() => { try { new BigInt(1) } catch (e) { return e.message } })()", "BigInt is not a constructor"],
    ["(123n).toString(16) + (-5n).toString() + Object(7n).toString()", "7b-57"],
    ["(() => { try { BigInt('x') } catch (e) { return e.name } })()", "SyntaxError"],
    ["String.raw`a\\n${1}`", "a\\n1"],
    ["Uint8Array.from([1, 2, 3], (x) => x * 2).join() + Uint8Array.from.length", "2,4,61"],
    ["[1.5, 2].toLocaleString('de') + new Float32Array([1.5]).toLocaleString('de')", "1,5,21,5"],
  ] as const;
  for (const [code, value] of pairs) assert.is(await realm.run(code), value, code);
});

test.run();
