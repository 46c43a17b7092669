import type { HostileCase } from "../hostile-case.ts";

/** (module (func (export "spin") (loop br 0))) */
const WASM_LOOP = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 115, 112, 105, 110, 0, 0, 10, 9, 1,
  7, 0, 3, 64, 12, 0, 11, 11,
]);

/** B. Use of CPU without end or measure, in what termination can stop. */
export const CPU: readonly HostileCase[] = [
  { number: 30, name: "for(;;)", ends: ["TERM-CPU"], body: "for (;;);" },
  {
    number: 30,
    name: "a loop in finally",
    ends: ["TERM-CPU"],
    body: "for (;;) try { throw 1; } catch {} finally { continue; }",
  },
  {
    number: 31,
    name: "a storm of microtasks",
    ends: ["TERM-CPU"],
    body: "await (async () => { for (;;) await 0; })();",
  },
  {
    number: 32,
    name: "a chain of promises without end",
    ends: ["TERM-CPU", "TERM-MEM"],
    body: "await Promise.resolve().then(function f() { return Promise.resolve().then(f); });",
  },
  {
    number: 34,
    name: "a regular expression that explodes",
    ends: ["TERM-CPU"],
    body: `/^(a+)+$/.test("a".repeat(60) + "!");`,
  },
  {
    number: 38,
    name: "a comparator that never returns",
    ends: ["TERM-CPU"],
    body: "[3, 1, 2].sort(() => { for (;;); });",
  },
  {
    number: 38,
    name: "comparators and callbacks that are called for ever",
    ends: ["TERM-CPU"],
    body: "const a = Array.from({ length: 1e5 }, (_, i) => (i * 7919) % 1e5); for (;;) { a.toSorted((x, y) => x - y); Map.groupBy(a, (x) => x % 10); Object.groupBy(a, (x) => x % 10); }",
  },
  {
    number: 41,
    name: "recursion without end of four kinds",
    ends: ["OK"],
    limits: { cpuMs: 4_000 },
    body: `const f = () => g() + 1, g = () => f() + 1;
      const got = { get a() { return this.a; } };
      let proxy = new Proxy({}, { get(target, key, receiver) { return receiver[key]; } });
      const nested = []; let inner = nested; for (let i = 0; i < 1e5; i++) { const next = []; inner.push(next); inner = next; }
      const tries = [f, () => got.a, () => proxy.x, () => JSON.stringify(nested), () => structuredClone(nested), () => nested.flat(Infinity), () => String(nested)];
      const names = tries.map((attempt) => { try { attempt(); return "done"; } catch (error) { return error.name; } });
      return new Response(names.every((name) => name === "RangeError" || name === "DataCloneError" || name === "done") ? "ok" : names.join());`,
  },
  {
    number: 43,
    name: "a loop in WebAssembly",
    ends: ["TERM-CPU"],
    upload: { modules: [{ name: "loop.wasm", type: "wasm", content: WASM_LOOP }] },
    top: `import loop from "./loop.wasm";`,
    body: "new WebAssembly.Instance(loop).exports.spin();",
  },
  {
    number: 45,
    name: "a thrown value whose message spins",
    ends: ["EXCEPTION", "TERM-CPU"],
    body: "throw { get message() { for (;;); } };",
  },
  {
    number: 47,
    name: "Error.prepareStackTrace that spins",
    ends: ["TERM-CPU", "EXCEPTION"],
    body: "Error.prepareStackTrace = () => { for (;;); }; null.x;",
  },
  ...["status", "headers", "statusText"].map((field): HostileCase => ({
    number: 48,
    name: `a response whose ${field} spins when it is read`,
    ends: ["TERM-CPU"],
    body: `return new Response("x", { get ${field}() { for (;;); } });`,
  })),
  {
    number: 48,
    name: "a body whose toString spins",
    ends: ["TERM-CPU"],
    body: "return new Response({ toString() { for (;;); } });",
  },
  {
    number: 48,
    name: "a thenable as the answer that spins",
    ends: ["TERM-CPU"],
    body: "return { then() { for (;;); } };",
  },
  {
    number: 50,
    name: "callbacks of finalizers that spin",
    ends: ["TERM-CPU", "OK"],
    limits: { cpuMs: 500 },
    body: `const registry = new FinalizationRegistry(() => { for (;;); });
      for (let i = 0; i < 2_000; i++) registry.register({ i }, i);
      for (let round = 0; round < 40; round++) { const waste = Array.from({ length: 5_000 }, (_, i) => ({ i })); await new Promise((done) => setTimeout(done, 5)); if (waste.length < 0) break; }
      return new Response("ok");`,
    spoils: true,
  },
  {
    number: 52,
    name: "a loop in waitUntil behind the answer",
    ends: ["TERM-CPU"],
    body: `ctx.waitUntil((async () => { await new Promise((done) => setTimeout(done, 50)); for (;;); })());
      return new Response("ok");`,
  },
  {
    number: 54,
    name: "a hundred events just under the limit",
    ends: ["OK", "TERM-CPU"],
    times: 100,
    limits: { cpuMs: 30 },
    body: `let x = 0; for (let i = 0; i < 2e6; i++) x += i % 7; return new Response(x > 0 ? "ok" : "");`,
  },
  {
    number: 55,
    name: "ten thousand timers of no delay that arm themselves again",
    ends: ["TERM-CPU", "TERM-WALL", "TERM-QUOTA"],
    body: `const again = () => setTimeout(again, 0);
      for (let i = 0; i < 10_000; i++) setTimeout(again, 0);
      await new Promise(() => {});`,
  },
  {
    number: 55,
    name: "more timers than an event may have",
    ends: ["THROW"],
    limits: { cpuMs: 2_000 },
    body: `for (let i = 0; i < 100_000; i++) setTimeout(() => {}, 60_000); return new Response("armed all");`,
  },
  ...(
    [
      ["random bytes", "crypto.getRandomValues(new Uint8Array(1024))"],
      ["hard URLs", `new URL("http://münchen.de/ü")`],
      ["atob and btoa", `atob(btoa("x".repeat(1000)))`],
      ["text decoders", `new TextDecoder("shift_jis").decode(new Uint8Array(1000))`],
    ] as const
  ).map(([what, call]): HostileCase => ({
    number: 56,
    name: `questions to the cell without end: ${what}`,
    ends: ["TERM-CPU"],
    body: `for (;;) ${call};`,
  })),
  {
    number: 58,
    name: "clones of a huge graph",
    ends: ["TERM-CPU", "TERM-MEM"],
    limits: { cpuMs: 2_000, wallMs: 60_000 },
    body: "let graph = []; for (let i = 0; i < 200_000; i++) graph = { graph, i: [i] , list: graph.list ?? [] }; const all = []; for (;;) all.push(structuredClone(Array.from({ length: 1e5 }, (_, i) => ({ i }))));",
  },
  {
    number: 30,
    name: "CPU in many slices",
    ends: ["TERM-CPU"],
    body: "for (;;) { for (let x = 0; x < 1e6; x++); await new Promise((done) => setTimeout(done, 0)); }",
  },
];
