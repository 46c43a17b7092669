import { test } from "uvu";
import * as assert from "uvu/assert";
import { mendBundlerHelpers } from "../../src/isolate/mend-bundler-helpers.ts";
import { loadImage } from "../../src/isolate/image.ts";
import { makeSpare } from "../../src/isolate/spare.ts";

const image = await loadImage();

/** The value of code in an isolate with nothing of a worker's in it yet. */
async function run(code: string): Promise<unknown> {
  const spare = await makeSpare(image, { memoryMb: 64 });
  try {
    return (await spare.context.eval(code)) as unknown;
  } finally {
    spare.isolate.dispose();
  }
}

test("a late part is evaluated anew that broke off at the end of the stack", async () => {
  // From the deepest frame on, every fourth asks, until one has stack enough.
  const asking = (name: string): string => `
    let up = 0, failed = 0, found = "nothing";
    const deeper = () => {
      try { deeper() } catch {}
      if (up++ % 4 !== 0 || up > 4_000 || found !== "nothing") return;
      try { found = typeof ${name} } catch { failed++ }
    };
    deeper();
    [failed > 0, found, typeof ${name}].join()`;
  const names = [
    "ReadableStream",
    "Blob",
    "URLPattern",
    "WebSocket",
    "SubtleCrypto",
    "EventSource",
    "WebAssembly",
  ];
  for (const name of names) {
    const type = name === "WebAssembly" ? "object" : "function";
    assert.is(await run(asking(name)), `true,${type},${type}`, name);
  }
});

test("what a worker replaced for good is given nothing that late parts export", async () => {
  const seen = await run(`
    const seen = [], all = [];
    const { apply, ownKeys } = Reflect, { push } = Array.prototype;
    const look = (value) => { if (typeof value === "object" && value !== null) apply(push, all, ownKeys(value)); };
    const fix = (holder, name, descriptor) => Object.defineProperty(holder, name, { __proto__: null, ...descriptor, configurable: false });
    fix(Function.prototype, "call", { value(self, ...args) { args.forEach(look); return apply(this, self, args); } });
    for (const name of ["enumerable", "configurable", "writable"])
      fix(Object.prototype, name, { get() { if (this.get !== undefined) seen.push(String(this.get)); }, set() {} });
    const types = ["CryptoKey", "caches", "TailEvent", "navigator", "scheduler"].map((name) => typeof globalThis[name]);
    JSON.stringify([types, seen, all.filter((key) => /^(expose|make|host)/.test(String(key)))])`);
  const [types, getters, keys] = JSON.parse(seen as string) as unknown[];
  assert.equal(types, ["function", "object", "function", "object", "object"]);
  assert.equal(getters, []);
  assert.equal(keys, []);
});

test("mendBundlerHelpers() refuses a bundle whose form it does not know", () => {
  assert.throws(() => mendBundlerHelpers("(() => {})()"), /where its files begin/);
  assert.throws(() => mendBundlerHelpers("(() => {\n// a.ts\n})()"), /do not have "if \(err\) throw/);
});

test.run();
