import type { HostileCase } from "./hostile-case.ts";

/**
 * Walks everything that code can reach: from the globals, `env`, `ctx`, the request, objects that the runtime made
 * and errors that it threw, along all properties, accessors' results, prototypes, entries and constructors.
 */
const WALK = `
const seen = new Set(), found = [], names = new Set();
const own = Function;
const say = (what, path) => { if (found.length < 20) found.push(what + " at " + path); };
const roots = [["globalThis", globalThis], ["env", env], ["ctx", ctx], ["request", request], ["this", this], ["arguments", arguments]];
const make = {
  response: () => new Response("x", { headers: { a: "b" } }), url: () => new URL("http://x.test/?a=b"), stream: () => new Response("x").body,
  reader: () => new Response("x").body.getReader(), form: () => new FormData(), socket: () => new WebSocketPair(), event: () => new Event("x"),
  abort: () => new AbortController(), encoder: () => new TextEncoder(), digest: () => new crypto.DigestStream("SHA-256"), clone: () => structuredClone(new Map([[1, new Error("x")]])),
  channel: () => new MessageChannel(), caches: () => caches.default, list: () => env.KV.list(), key: () => crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]),
  pending: () => env.KV.get("x"), missing: () => env.KV.get("x", "stream"), body: () => new Response(new Blob(["x"])).blob(),
};
for (const [name, run] of Object.entries(make)) { try { const made = run(); roots.push([name, made]); roots.push([name + " awaited", await made]); } catch (error) { roots.push([name + " thrown", error]); } }
const faults = [() => null.x, () => new Response("", { status: 1 }), () => new URL("x"), () => env.KV.get(), () => env.KV.put("x".repeat(600), "v"), () => fetch("http://127.0.0.1/"), () => fetch("nonsense"),
  () => crypto.subtle.digest("x", new Uint8Array()), () => structuredClone(() => 1), () => atob("*"), () => eval("1"), () => new WebAssembly.Module(new Uint8Array(8)), () => ctx.waitUntil.call(1),
  () => new Headers([[1]]), () => request.headers.set("a", "b"), () => crypto.getRandomValues(new Float32Array(1)), () => new TextDecoder("x"), () => import("node:fs" + ""), () => new WebSocket("x"), () => env.KV.get.call({}, "k")];
for (const [i, run] of faults.entries()) { try { await run(); } catch (error) { roots.push(["error " + i, error]); text(String(error?.stack) + String(error?.message), "error " + i); } }
function text(value, path) { if (/node:internal|node_modules|file:\\/\\/|isolated-vm|<isolated|\\/(src|runtime-api|dist|home|usr|work|root)\\//.test(value)) say("a path of the host: " + value.slice(0, 200), path); }
const queue = roots.map(([name, value]) => [value, name, 0]);
while (queue.length > 0) {
  const [value, path, depth] = queue.pop();
  if (typeof value === "string" && value.length < 1e5) text(value, path);
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value) || depth > 25) continue;
  seen.add(value);
  let keys;
  try { keys = Reflect.ownKeys(value); } catch (error) { say("keys that throw", path); continue; }
  // What was made by another realm has its intrinsics: Object.prototype and Function.prototype are not ours.
  let end = value, hops = 0;
  for (let next; hops < 100; hops++) { try { next = Reflect.getPrototypeOf(end); } catch { break; } if (next === null) break; end = next; }
  if (typeof value === "function" && value !== own.prototype && !(value instanceof own)) say("a function of another realm", path);
  const plain = end === Object.prototype || end === value || Reflect.getPrototypeOf(end) === null;
  if (!plain) say("a chain that does not end", path);
  if (end !== Object.prototype && end !== value && !seen.has(end) && typeof end.hasOwnProperty === "function") say("another Object.prototype", path);
  let chain = value;
  for (let hop = 0; hop < 6; hop++) { try { chain = chain.constructor; } catch { break; } if (typeof chain !== "function") break; if (!(chain instanceof own)) { say("a constructor of another realm", path); break; } }
  const name = (() => { try { return Object.prototype.toString.call(value) + " " + String(value.name); } catch { return ""; } })();
  if (/Reference|ExternalCopy|Isolate|NativeModule|InspectorSession/.test(name.replace("ReferenceError", ""))) names.add(name + " at " + path);
  for (const key of keys) {
    const at = path + "." + String(key);
    let descriptor;
    try { descriptor = Reflect.getOwnPropertyDescriptor(value, key); } catch { continue; }
    if (descriptor === undefined) continue;
    if (descriptor.get) queue.push([descriptor.get, at + "[get]", depth + 1]);
    if (descriptor.set) queue.push([descriptor.set, at + "[set]", depth + 1]);
    if ("value" in descriptor) queue.push([descriptor.value, at, depth + 1]);
    else { try { queue.push([descriptor.get?.call(value), at, depth + 1]); } catch (error) { queue.push([error, at + "[thrown]", depth + 1]); } }
  }
  try { queue.push([Reflect.getPrototypeOf(value), path + ".__proto__", depth + 1]); } catch {}
  if (value instanceof Map || value instanceof Set) for (const entry of value) queue.push([entry, path + "[entry]", depth + 1]);
}
for (const name of ["process", "require", "module", "Buffer", "ivm", "_ivm", "SharedArrayBuffer", "global", "__dirname", "gc", "Deno", "Bun"]) if (name in globalThis) say("the global " + name, "globalThis");
for (const name of names) say("an object of isolated-vm: " + name, "");
if (seen.size < 1_000) say("only " + seen.size + " objects were found", "");
return new Response(found.length === 0 ? "ok" : found.join("\\n"));`;

/** Nothing that code can reach is of another realm, shows a path of the host, or is a handle of the sandbox. */
export const REACHABILITY: HostileCase = {
  number: 3,
  name: "a walk over everything that can be reached",
  ends: ["OK"],
  limits: { cpuMs: 20_000, memoryMb: 256, wallMs: 30_000 },
  body: WALK,
};
