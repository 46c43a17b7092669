import { test } from "uvu";
import * as assert from "uvu/assert";
import { Realm } from "./realm-fixture.ts";

test("exposeGlobals() defines interfaces with their names, tags and enumerable members", async () => {
  using realm = await Realm.make();
  const names = [
    "AbortController",
    "AbortSignal",
    "Crypto",
    "DOMException",
    "Event",
    "EventTarget",
    "Navigator",
    "Performance",
    "ServiceWorkerGlobalScope",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
    "WorkerGlobalScope",
  ];
  for (const name of names) {
    const code = `(() => { const d = Object.getOwnPropertyDescriptor(globalThis, "${name}"); return [d.enumerable, d.writable, d.configurable, d.value.name, d.value.prototype[Symbol.toStringTag]].join() })()`;
    assert.is(await realm.run(code), `false,true,true,${name},${name}`);
  }
  assert.is(
    await realm.run("Object.keys(URL.prototype).includes('href') && Object.keys(URL).join()"),
    "canParse,parse,createObjectURL,revokeObjectURL",
  );
  assert.is(
    await realm.run(
      "Object.getPrototypeOf(DOMException.prototype) === Error.prototype && Object.keys(new DOMException()).length",
    ),
    0,
  );
});

test("exposeGlobals() defines functions and objects that can be enumerated", async () => {
  using realm = await Realm.make();
  for (const name of ["atob", "btoa", "structuredClone", "queueMicrotask", "reportError"]) {
    assert.is(
      await realm.run(`[Object.keys(globalThis).includes("${name}"), ${name}.name].join()`),
      `true,${name}`,
    );
  }
  assert.is(
    await realm.run("[self === globalThis, crypto, performance, navigator.userAgent, console].join()"),
    "true,[object Crypto],[object Performance],Cloudflare-Workers,[object console]",
  );
});

test("the global object is a target of events, also without `this`", async () => {
  using realm = await Realm.make();
  const code =
    "(() => { const seen = []; addEventListener('x', function (e) { seen.push(this === globalThis, e.target === self) }); self.dispatchEvent(new Event('x')); dispatchEvent(new Event('x')); return seen.join() })()";
  assert.is(await realm.run(code), "true,true,true,true");
  assert.is(
    await realm.run("globalThis instanceof ServiceWorkerGlobalScope && self instanceof EventTarget"),
    true,
  );
  assert.match(await realm.thrown("new WorkerGlobalScope()"), /Illegal constructor/);
});

test("structuredClone() refuses platform objects and keeps DOMException", async () => {
  using realm = await Realm.make();
  for (const code of ["new URL('https://a')", "new Event('x')", "new AbortController().signal", "crypto"]) {
    assert.match(await realm.thrown(`structuredClone(${code})`), /^DataCloneError/, code);
  }
  assert.is(await realm.run("structuredClone(new DOMException('m', 'AbortError')).code"), 20);
});

test("queueMicrotask() runs callbacks in order and reports what they throw", async () => {
  using realm = await Realm.make();
  await realm.run(
    "globalThis.order = []; queueMicrotask(() => { order.push(1); throw new Error('late') }); queueMicrotask(() => order.push(2)); 1",
  );
  assert.is(await realm.run("order.join()"), "1,2");
  assert.is(await realm.control("taken"), "exception Error: late");
});

test("the runtime works on when a tenant patches the intrinsics that it uses", async () => {
  using realm = await Realm.make();
  const patches = `
    for (const proto of [Array.prototype, String.prototype, Map.prototype, Object.getPrototypeOf(Uint8Array.prototype), Promise.prototype, Set.prototype]) {
      for (const key of Object.getOwnPropertyNames(proto)) {
        if (key === "constructor" || key === "length") continue;
        try { Object.defineProperty(proto, key, { value() { throw new Error("patched " + key) } }) } catch {}
      }
    }
    Array.prototype[Symbol.iterator] = Object.hasOwn = Reflect.apply = String.fromCharCode = JSON.stringify = Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error("patched") };
    1`;
  await realm.run(patches);
  assert.is(await realm.run("new URL('/b?c=d%20e', 'https://example.com').searchParams.get('c')"), "d e");
  assert.is(
    await realm.run("new TextDecoder().decode(new TextEncoder().encode('gr\\u00fc\\u00df'))"),
    "gr\u00fc\u00df",
  );
  assert.is(await realm.run("atob(btoa('hi'))"), "hi");
  assert.is(
    await realm.run(
      "(() => { let n = 0; const t = new EventTarget(); t.addEventListener('x', () => n++); t.dispatchEvent(new Event('x')); return n })()",
    ),
    1,
  );
  assert.is(
    await realm.run("structuredClone({ a: [1, new Map([])] }).a.length".replace("new Map([])", "new Map()")),
    2,
  );
  await realm.run("console.log('a', { b: [1, 'x'] }); 1");
  assert.is(await realm.control("taken"), 'log a { b: [1, "x"] }');
  assert.match((await realm.run("crypto.randomUUID()")) as string, /^[0-9a-f-]{36}$/);
});

test.run();
