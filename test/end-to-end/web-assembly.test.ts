import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

/** One memory `m` that begins with 1 page and has no maximum, a table `t` likewise, and a function `f` that gives 42. */
const BYTES = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 4, 4, 1, 112, 0, 1, 5, 3, 1, 0, 1, 7, 13,
  3, 1, 109, 2, 0, 1, 102, 0, 0, 1, 116, 1, 0, 10, 6, 1, 4, 0, 65, 42, 11,
];
/** A module that calls its import `m.f` from its export `g`. */
const CALLER = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 109, 1, 102, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 103,
  0, 1, 10, 6, 1, 4, 0, 16, 0, 11,
];

const WORKER = `
const bytes = new Uint8Array(${JSON.stringify(BYTES)});
const typed = { headers: { "content-type": "application/wasm" } };
async function outcome(run) {
  try { return await run(); } catch (error) { return error.name + ": " + error.message; }
}
const tests = {
  forms: async () => [
    await outcome(() => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f()),
    await outcome(async () => new WebAssembly.Instance(await WebAssembly.compile(bytes)).exports.f()),
    await outcome(async () => (await WebAssembly.instantiate(bytes)).instance.exports.f()),
    await outcome(async () => new WebAssembly.Instance(await WebAssembly.compileStreaming(new Response(bytes, typed))).exports.f()),
    await outcome(async () => (await WebAssembly.instantiateStreaming(Promise.resolve(new Response(bytes, typed)))).instance.exports.f()),
    WebAssembly.validate(bytes), WebAssembly.validate(new Uint8Array(8)),
  ],
  async limits() {
    const { exports } = (await WebAssembly.instantiate(bytes)).instance;
    const grown = [];
    try { for (;;) { exports.m.grow(64); grown.push(exports.m.buffer.byteLength / 65536); } } catch (error) { grown.push(error.name); }
    return [grown, await outcome(() => exports.t.grow(1e6))];
  },
  async refused() {
    const large = [...bytes.slice(0, 25), 5, 4, 1, 0, 0x80, 4, ...bytes.slice(30)];
    return [
      await outcome(() => new WebAssembly.Module(new Uint8Array(large))),
      await outcome(() => new WebAssembly.Module(new Uint8Array(9))),
      // Its memory's minimum is written with a byte too many, which a rewritten binary would not show.
      await outcome(() => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 8, 1, 0, 0x82, 0x80, 0x80, 0x80, 0x80, 0]))),
      await outcome(() => WebAssembly.compileStreaming(new Response(bytes))),
      await outcome(() => WebAssembly.compileStreaming(new Response(bytes, { status: 404, ...typed }))),
      await outcome(() => WebAssembly.instantiateStreaming({})),
      await outcome(() => WebAssembly.instantiate(bytes, 5)),
    ];
  },
  async hidden() {
    // One memory that begins with 16 pages (1 MB), exported by nobody.
    const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 16]));
    const instance = new WebAssembly.Instance(module);
    const kept = [instance];
    const text = await outcome(() => { for (;;) kept.push(new WebAssembly.Instance(module)); });
    return [WebAssembly.Module.exports(module), Object.keys(instance.exports), Object.isFrozen(instance.exports),
      Reflect.ownKeys(instance.exports), instance.exports === instance.exports, text, kept.length];
  },
  async patched() {
    WebAssembly.validate = () => false;
    const odd = { get builtins() { throw new Error("odd"); } };
    const text = await outcome(() => new WebAssembly.Module(bytes, odd));
    if (text !== "Error: odd") return text;
    Uint8Array.prototype.slice = Array.prototype.push = Promise.prototype.then = () => { throw new Error("patched"); };
    Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), "length", { get: () => 8 });
    const { m } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    try { m.grow(64); m.grow(64); } catch (error) { return error.name; }
    return "grown";
  },
  async suspended() {
    const caller = new WebAssembly.Module(new Uint8Array(${JSON.stringify(CALLER)}));
    const f = new WebAssembly.Suspending(() => new Promise(() => {}));
    const g = WebAssembly.promising(new WebAssembly.Instance(caller, { m: { f } }).exports.g);
    const kept = [];
    return outcome(() => { for (;;) kept.push(g()); }).then((text) => [text, kept.length]);
  },
};
export default {
  fetch: async (request) => Response.json(await tests[new URL(request.url).pathname.slice(1)]()),
};`;

const REFUSED = (name: string): string =>
  `CompileError: WebAssembly.${name}(): Wasm code generation disallowed by embedder`;

for (const cell of CELLS) {
  test(`WebAssembly compiles nothing at run time unless the operator allows it (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy({
      name: "wasm",
      main: "a.js",
      modules: [{ name: "a.js", type: "esm", content: WORKER }],
    });
    assert.equal(await (await worker.fetch("http://wasm/forms")).json(), [
      REFUSED("Module"),
      REFUSED("compile"),
      REFUSED("instantiate"),
      REFUSED("compileStreaming"),
      REFUSED("instantiateStreaming"),
      true,
      false,
    ]);
  });

  test(`wasmCompile lets it, within the isolate's limits (${cell})`, async () => {
    await using at = await makeHost({ cell, wasmCompile: true, limits: { memoryMb: 16, cpuMs: 1_000 } });
    const worker = await at.host.deploy({
      name: "wasm",
      main: "a.js",
      modules: [{ name: "a.js", type: "esm", content: WORKER }],
    });
    const ask = async (path: string): Promise<unknown> =>
      await (await worker.fetch(`http://wasm/${path}`)).json();
    assert.equal(await ask("forms"), [42, 42, 42, 42, 42, true, false]);
    assert.equal(await ask("limits"), [
      [65, 129, 193, "RangeError"],
      "RangeError: WebAssembly.Table: a table has at most 1000000 entries",
    ]);
    assert.equal(await ask("refused"), [
      "CompileError: WebAssembly.Module(): WebAssembly memory begins with 32 MB; at most 16 MB are allowed",
      "CompileError: WebAssembly.Module(): expected magic word 00 61 73 6d, found 00 00 00 00 @+0",
      "CompileError: WebAssembly.Module(): length overflow while decoding initial size @+16",
      "TypeError: WebAssembly.compileStreaming(): Incorrect response MIME type. Expected 'application/wasm'.",
      "TypeError: WebAssembly.compileStreaming(): HTTP status code is not ok",
      "TypeError: WebAssembly.instantiateStreaming(): Argument 0 must be a Response or a Promise of one",
      "TypeError: WebAssembly.instantiate(): Argument 1 must be an object",
    ]);
    assert.equal(await ask("suspended"), [
      "RangeError: At most 200 calls of functions made by WebAssembly.promising() may be waiting at once",
      200,
    ]);
    assert.is(await ask("patched"), "RangeError");
  });

  test(`memories that modules keep to themselves count (${cell})`, async () => {
    await using at = await makeHost({ cell, wasmCompile: true, limits: { memoryMb: 16, cpuMs: 1_000 } });
    const worker = await at.host.deploy({
      name: "wasm",
      main: "a.js",
      modules: [{ name: "a.js", type: "esm", content: WORKER }],
    });
    assert.equal(await (await worker.fetch("http://wasm/hidden")).json(), [
      [],
      [],
      true,
      [],
      true,
      "RangeError: WebAssembly memories would take more than the isolate's 16 MB",
      17,
    ]);
  });
}

for (const cell of CELLS) {
  test(`an isolate whose WebAssembly memories fill it is replaced (${cell})`, async () => {
    await using at = await makeHost({ cell, limits: { memoryMb: 32 } });
    const worker = await at.host.deploy(
      upload(
        "full",
        `const memory = new WebAssembly.Memory({ initial: 440 });
        export default { fetch: () => new Response(String(memory.buffer.byteLength)) };`,
      ),
    );
    await until("it was replaced", async () => {
      assert.is(await (await worker.fetch("http://full/")).text(), String(440 * 65_536));
      return (await at.host.stats()).warm.recycled > 0;
    });
  });
}

test("the hosts of these tests close", closeHosts);

test.run();
