import type { HostileCase } from "../hostile-case.ts";
import { REACHABILITY } from "../reachability.ts";

/** A. Attempts to get out of the isolate, or to the data of others. */
export const ESCAPES: readonly HostileCase[] = [
  REACHABILITY,
  {
    number: 1,
    name: "the constructor of a constructor",
    ends: ["THROW"],
    answers: "threw EvalError",
    body: `return new Response(String(this.constructor.constructor("return typeof process")()));`,
  },
  {
    number: 2,
    name: "constructors of async functions and generators",
    ends: ["OK"],
    body: `const kinds = [async () => {}, function* () {}, async function* () {}];
      const got = kinds.map((kind) => { try { kind.constructor("return globalThis.process")(); return "made"; } catch (error) { return error.name; } });
      return new Response(got.every((name) => name === "EvalError") ? "ok" : got.join());`,
  },
  {
    number: 4,
    name: "import, require and module of Node",
    ends: ["OK"],
    body: `const got = [typeof require, typeof module, typeof process, typeof global, typeof Buffer];
      for (const name of ["node:fs", "fs", "file:///etc/passwd", "data:text/javascript,export default 1"])
        try { await import(name + ""); got.push("imported " + name); } catch (error) { if (!(error instanceof Error)) got.push("a stranger"); }
      return new Response(got.every((type) => type === "undefined") ? "ok" : got.join());`,
  },
  {
    number: 5,
    name: "import in the code of a new function",
    ends: ["THROW"],
    answers: "threw EvalError",
    body: `return new Response(typeof (await new Function("return import('fs')")()));`,
  },
  {
    number: 6,
    name: "stacks of errors thrown by getters of env",
    ends: ["OK"],
    body: `let stack = "";
      try { Object.defineProperty(env, "X", { get() { throw new Error("mine"); } }); JSON.stringify({ ...env }); void env.X; } catch (error) { stack = error.stack; }
      for (const attempt of [() => new Response("", { status: 1 }), () => new URL("x"), () => env.KV.put(), () => new Headers([[1]]), () => null.x, () => structuredClone(() => 1)])
        try { await attempt(); } catch (error) { stack += "\\n" + error.stack; }
      const found = stack.match(/(node:|file:|node_modules|\\/(src|runtime-api|work|home|usr)\\/|isolated-vm|skerry:(?!worker|runtime)).*/);
      return new Response(found === null ? "ok" : found[0]);`,
  },
  {
    number: 8,
    name: "a stack overflow inside calls of the runtime",
    ends: ["OK"],
    limits: { cpuMs: 3_000 },
    body: `const seen = new Set();
      for (const call of [() => env.KV.get("k"), () => new URL("http://münchen.de/"), () => new Response("x").text(), () => crypto.getRandomValues(new Uint8Array(8)), () => structuredClone({ a: 1 }), () => new Headers({ a: "b" })]) {
        const deep = (n) => { try { return deep(n + 1); } catch (error) { note(error); } try { void call()?.catch?.(note); } catch (error) { note(error); } };
        const note = (error) => seen.add(error instanceof Error && error.constructor.constructor === Function && Object.getPrototypeOf(Object.getPrototypeOf(error.constructor.prototype)) !== undefined ? "own" : "stranger");
        deep(0);
      }
      return new Response([...seen].join() === "own" ? "ok" : [...seen].join());`,
  },
  {
    number: 10,
    name: "replaced intrinsics under the bindings",
    ends: ["OK"],
    body: `const { stringify } = JSON;
      const broken = () => { throw new Error("replaced"); };
      Map.prototype.get = Map.prototype.set = Reflect.apply = Function.prototype.call = Function.prototype.apply = Array.prototype.push = Promise.prototype.then = String.prototype.slice = broken;
      await env.KV.put("k", "v");
      const got = await env.KV.get("k");
      const headers = new Headers({ a: "b" });
      return new Response(got === "v" && headers.get("a") === "b" ? "ok" : stringify([got]));`,
    spoils: true,
  },
  {
    number: 11,
    name: "proxies as headers, bodies, init, values and options",
    ends: ["OK"],
    body: `const reads = [];
      const spy = (target) => new Proxy(target, { get(object, key) { reads.push(key); const value = Reflect.get(object, key, object); return typeof value === "function" ? value.bind(object) : value; } });
      const twice = [];
      for (const make of [() => new Response("x", spy({ status: 201, statusText: "fine" })), () => new Request("http://x/", spy({ method: "PUT" }))]) {
        reads.length = 0;
        make();
        twice.push(...reads.filter((key, i) => reads.indexOf(key) !== i));
      }
      const outcome = async (run) => { try { await run(); return "taken"; } catch (error) { return error.constructor.constructor === Function ? "own" : "stranger"; } };
      const got = [
        await outcome(() => new Response(spy(new Uint8Array(2))).text()), await outcome(() => new Headers(spy({ a: "b" }))),
        await outcome(() => env.KV.put("k", spy({}))), await outcome(() => env.KV.put("k", "v", spy({ expirationTtl: 60 }))),
        await outcome(() => fetch(spy(new Request("http://x.invalid/")))), await outcome(() => new Response(spy(new ReadableStream()))),
        await outcome(() => env.KV.get(spy(["k"]), spy({ type: "text" }))),
      ];
      return new Response(twice.length === 0 && !got.includes("stranger") ? "ok" : [...twice, ...got].map(String).join());`,
  },
  {
    number: 12,
    name: "values that change between two reads",
    ends: ["OK"],
    body: `let n = 0, m = 0, k = 0;
      const response = new Response("x", { get status() { return n++ === 0 ? 203 : {}; }, headers: { get a() { return m++ === 0 ? "first" : "sec\\nond"; } } });
      await env.KV.put({ toString: () => (k++ === 0 ? "key" : "../other") }, "v");
      const right = response.status === 203 && response.headers.get("a") === "first" && (await env.KV.get("key")) === "v" && k === 1;
      return new Response(right ? "ok" : [response.status, n, m, k].join());`,
  },
  {
    number: 13,
    name: "callers of functions that the runtime calls",
    ends: ["OK"],
    upload: {
      modules: [
        {
          name: "sloppy.cjs",
          type: "cjs",
          content: `exports.found = [];
            exports.spy = function spy() { let caller; try { caller = spy.caller; } catch { return 1; } if (caller) exports.found.push(String(caller)); try { caller = arguments.callee.caller; } catch { return 1; } if (caller) exports.found.push(String(caller)); return 1; };`,
        },
      ],
    },
    top: `import sloppy from "./sloppy.cjs";`,
    body: `const { spy, found } = sloppy;
      new Response("x", { get status() { spy(); return 200; } });
      new ReadableStream({ start: spy, pull: spy });
      new Headers({ get a() { return String(spy()); } });
      const target = new EventTarget(); target.addEventListener("x", spy); target.dispatchEvent(new Event("x"));
      await new Promise((done) => { setTimeout(spy, 0); setTimeout(done, 1); });
      queueMicrotask(spy); await 0;
      env.KV.get({ toString: spy });
      const runtime = found.filter((text) => !/spy\\(\\)|new Response/.test(text));
      return new Response(runtime.length === 0 ? "ok" : runtime[0].slice(0, 200));`,
  },
  {
    number: 14,
    name: "hooks for inspection in logged objects",
    ends: ["OK"],
    body: `let called = 0;
      const hook = () => { called++; return "hooked"; };
      const object = { [Symbol.for("nodejs.util.inspect.custom")]: hook, [Symbol.for("nodejs.util.promisify.custom")]: hook, inspect: hook, plain: 1 };
      console.log(object, [object], new Error("x", { cause: object }));
      return new Response(called === 0 ? "ok" : "called " + called);`,
  },
  {
    number: 16,
    name: "a chain of errors of all kinds that nobody catches",
    ends: ["EXCEPTION"],
    body: `let error = new Error("end");
      for (let i = 0; i < 5_000; i++) error = i % 3 === 0 ? new AggregateError([error, error], "many") : i % 3 === 1 ? new SuppressedError(error, error, "two") : new Error("one", { cause: error });
      console.error(error);
      throw error;`,
  },
  {
    number: 17,
    name: "a hunt for doors of the runtime among the globals",
    ends: ["OK"],
    body: `const names = [];
      for (let object = globalThis; object !== null; object = Object.getPrototypeOf(object)) names.push(...Reflect.ownKeys(object).map(String));
      const doors = names.filter((name) => /skerry|deliver|collect|ivm|host|turn|rpc|bridge|secret|^_[^_]|^\\$/i.test(name));
      const forged = [2, 1, "k"];
      for (const name of ["postMessage", "send", "deliver", "collect", "onmessage", "__deliver", "_ivm"]) try { globalThis[name]?.(forged); } catch {}
      return new Response(doors.length === 0 ? "ok" : doors.join());`,
  },
  {
    number: 22,
    name: "env read in every way",
    ends: ["OK"],
    upload: { vars: { MINE: "mine" } },
    body: `const keys = []; for (const key in env) keys.push(key);
      const text = JSON.stringify(env) + JSON.stringify(ctx) + String(env) + Reflect.ownKeys(env).map(String).join() + keys.join();
      let message = ""; try { env.nothing.x; } catch (error) { message = error.message + error.stack; }
      return new Response(Reflect.ownKeys(env).length === 2 && !/token|secret|password|\\/tmp|data/i.test(text + message) ? "ok" : text);`,
  },
  {
    number: 23,
    name: "clocks of all kinds while code runs",
    ends: ["OK"],
    limits: { cpuMs: 3_000 },
    body: `const clocks = () => [Date.now(), new Date().getTime(), performance.now(), typeof Temporal === "object" ? Temporal.Now?.instant().epochNanoseconds ?? 0n : 0n, new Event("x").timeStamp, performance.timeOrigin + performance.now()];
      const before = clocks();
      for (let i = 0; i < 1e7; i++);
      let counted = 0; const id = setInterval(() => counted++, 0);
      await 0;
      const after = clocks();
      clearInterval(id);
      const still = before.every((value, i) => value === after[i]) && counted === 0;
      const absent = typeof SharedArrayBuffer === "undefined" && (typeof Atomics === "undefined" || !("waitAsync" in Atomics));
      return new Response(still && absent ? "ok" : [still, absent].join());`,
  },
  {
    number: 25,
    name: "eval and its kin",
    ends: ["OK"],
    body: `const AsyncFunction = (async () => {}).constructor;
      const tries = [() => (0, eval)("1"), () => eval("1"), () => new Function("1"), () => Function("1"), () => new AsyncFunction("1"), () => setTimeout("1"), () => globalThis.eval("1"), () => Reflect.construct(Function, ["1"])];
      const got = tries.map((attempt) => { try { attempt(); return "ran"; } catch (error) { return error.name; } });
      return new Response(got.includes("ran") ? got.join() : "ok");`,
  },
  {
    number: 26,
    name: "debugging doors of V8",
    ends: ["OK"],
    body: `const got = [typeof gc, typeof d8, typeof load, typeof print, typeof version, typeof Worker, typeof importScripts];
      try { console.profile?.("x"); console.profileEnd?.("x"); console.context?.("x"); console.timeStamp?.("x"); } catch (error) { got.push(error.message); }
      return new Response(got.every((type) => type === "undefined") ? "ok" : got.join());`,
  },
];
