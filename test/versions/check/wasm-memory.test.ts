import { test } from "uvu";
import * as assert from "uvu/assert";
import { capWasmMemory } from "../../../src/versions/check/wasm-memory.ts";

declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { m: { buffer: ArrayBuffer; grow(pages: number): number } } };
};

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
/** A type, one memory that is exported as `m`, and a custom section behind it. */
function wasm(...memory: number[]): Uint8Array {
  const section = [1, ...memory];
  return Uint8Array.from([
    ...HEADER,
    1,
    4,
    1,
    0x60,
    0,
    0,
    5,
    section.length,
    ...section,
    7,
    5,
    1,
    1,
    109,
    2,
    0,
    0,
    3,
    1,
    120,
    9,
  ]);
}

/** How many pages the memory has after growing as far as it goes. */
function mostPages(bytes: Uint8Array): number {
  const { m } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  for (let step = 4096; step >= 1; step /= 2) {
    try {
      for (;;) m.grow(step);
    } catch {
      // The next step is smaller.
    }
  }
  return m.buffer.byteLength / 65_536;
}

function capped(bytes: Uint8Array, memoryMb = 2): Uint8Array {
  assert.ok(WebAssembly.validate(bytes), "the test's own binary is valid");
  const result = capWasmMemory(bytes, memoryMb);
  if (!result.ok) throw new Error(result.reason);
  assert.ok(WebAssembly.validate(result.bytes), "the result is valid");
  return result.bytes;
}

test("capWasmMemory gives a memory without a maximum one", () => {
  assert.is(mostPages(capped(wasm(0, 1))), 32);
});

test("capWasmMemory lowers a maximum that is too high, and keeps one that is not", () => {
  assert.is(mostPages(capped(wasm(1, 1, 0x80, 0x80, 4))), 32);
  assert.is(mostPages(capped(wasm(1, 1, 3))), 3);
});

test("capWasmMemory leaves the rest of the binary as it is", () => {
  const before = wasm(1, 1, 3);
  assert.equal(capped(before), before);
  const none = Uint8Array.from([...HEADER, 0, 3, 1, 120, 9]);
  assert.is(capped(none), none);
});

test("capWasmMemory refuses memories that begin too large, or are shared", () => {
  assert.equal(capWasmMemory(wasm(0, 33), 2), {
    ok: false,
    reason: "WebAssembly memory begins with 2.0625 MB; at most 2 MB are allowed",
  });
  assert.equal(capWasmMemory(wasm(3, 1, 2), 2), { ok: false, reason: "WebAssembly memory cannot be shared" });
});

test.run();
