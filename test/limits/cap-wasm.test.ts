import { test } from "uvu";
import * as assert from "uvu/assert";
import { capWasm } from "../../src/limits/cap-wasm.ts";
import { wasmSections } from "../../src/limits/wasm-sections.ts";

declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
    imports?: object,
  ) => { exports: { m: { buffer: ArrayBuffer; grow(pages: number): number } } };
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
  const result = capWasm(bytes, memoryMb);
  if (!result.ok) throw new Error(result.reason);
  assert.ok(WebAssembly.validate(result.bytes), "the result is valid");
  return result.bytes;
}

test("capWasm gives a memory without a maximum one", () => {
  assert.is(mostPages(capped(wasm(0, 1))), 32);
});

test("capWasm lowers a maximum that is too high, and keeps one that is not", () => {
  assert.is(mostPages(capped(wasm(1, 1, 0x80, 0x80, 4))), 32);
  assert.is(mostPages(capped(wasm(1, 1, 3))), 3);
});

test("capWasm leaves the rest of the binary as it is", () => {
  const before = wasm(1, 1, 3);
  assert.equal(capped(before), before);
  const none = Uint8Array.from([...HEADER, 0, 3, 1, 120, 9]);
  assert.is(capped(none), none);
});

test("capWasm refuses memories that begin too large, or are shared", () => {
  assert.equal(capWasm(wasm(0, 33), 2), {
    ok: false,
    reason: "WebAssembly memory begins with 2.0625 MB; at most 2 MB are allowed",
  });
  assert.equal(capWasm(wasm(3, 1, 2), 2), { ok: false, reason: "WebAssembly memory cannot be shared" });
});

/** A type, then tables as given, and a custom section. */
function tables(...vector: number[]): Uint8Array {
  return Uint8Array.from([...HEADER, 1, 4, 1, 0x60, 0, 0, 4, vector.length, ...vector, 0, 3, 1, 120, 9]);
}

test("capWasm gives every table a maximum, whatever type and value its entries have", () => {
  const most = [0xc0, 0x84, 0x3d];
  assert.equal(capped(tables(1, 0x70, 0, 2)), tables(1, 0x70, 1, 2, ...most));
  assert.equal(capped(tables(1, 0x6f, 1, 2, 0xff, 0xff, 0xff, 0x0f)), tables(1, 0x6f, 1, 2, ...most));
  assert.equal(capped(tables(1, 0x70, 1, 2, 9)), tables(1, 0x70, 1, 2, 9));
  assert.equal(
    capped(tables(2, 0x40, 0, 0x63, 0x70, 0, 1, 0xd0, 0x70, 0x0b, 0x70, 0, 3)),
    tables(2, 0x40, 0, 0x63, 0x70, 1, 1, ...most, 0xd0, 0x70, 0x0b, 0x70, 1, 3, ...most),
  );
});

test("capWasm refuses tables that begin too large", () => {
  const result = capWasm(tables(1, 0x70, 0, 0xc1, 0x84, 0x3d), 2);
  assert.is(
    !result.ok && result.reason,
    "a WebAssembly table begins with 1000001 entries; at most 1000000 are allowed",
  );
});

/** A memory that is exported by nobody, with sections before and behind it. */
function withMemory(before: readonly number[], behind: readonly number[]): Uint8Array {
  return Uint8Array.from([...HEADER, ...before, 5, 4, 1, 1, 1, 3, ...behind]);
}

/** Names and pages of the memories that an instance of the capped binary exports. */
function memoriesOf(bytes: Uint8Array, imports = {}): unknown[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(capped(bytes)), imports);
  return Object.entries(exports).map(([name, value]) => [name, value.buffer?.byteLength / 65_536]);
}

test("capWasm exports memories that a binary keeps to itself, wherever exports belong", () => {
  const hidden = "\0skerry.memory.0";
  const custom = [0, 3, 1, 120, 9];
  assert.equal(memoriesOf(withMemory([], [])), [[hidden, 1]]);
  assert.equal(memoriesOf(withMemory(custom, custom)), [[hidden, 1]]);
  // A global between them, data behind them.
  const global = [6, 6, 1, 0x7f, 0, 0x41, 0, 0x0b];
  const data = [11, 7, 1, 0, 0x41, 0, 0x0b, 1, 7];
  assert.equal(memoriesOf(withMemory([], [...global, ...data])), [[hidden, 1]]);
  assert.equal(memoriesOf(withMemory([], [...global, 7, 5, 1, 1, 103, 3, 0, ...data])), [
    ["g", NaN],
    [hidden, 1],
  ]);
});

test("capWasm counts imported memories before those of the binary", () => {
  const { Memory } = WebAssembly as unknown as { Memory: new (limits: object) => { buffer: ArrayBuffer } };
  const imports = { m: { m: new Memory({ initial: 2 }), g: 1 } };
  const imported = [2, 13, 2, 1, 109, 1, 109, 2, 0, 1, 1, 109, 1, 103, 3, 0x7f, 0].with(1, 15);
  assert.equal(memoriesOf(withMemory(imported, []), imports), [["\0skerry.memory.1", 1]]);
  assert.equal(memoriesOf(withMemory(imported, [7, 5, 1, 1, 97, 2, 0]), imports), [
    ["a", 2],
    ["\0skerry.memory.1", 1],
  ]);
});

test("capWasm refuses what ends too early rather than guess", () => {
  for (let length = 15; length < tables(1, 0x40, 0, 0x70, 0, 1, 0xd0, 0x70, 0x0b).length - 5; length++) {
    const cut = tables(1, 0x40, 0, 0x70, 0, 1, 0xd0, 0x70, 0x0b).slice(0, length);
    const result = capWasm(cut, 2);
    if (result.ok) assert.not.ok(WebAssembly.validate(result.bytes), `${length} bytes`);
  }
});

// What could go wrong if: a binary of nothing but sections takes half a gigabyte of the host to read.
test("wasmSections leaves custom sections out, and refuses more others than there can be", () => {
  const custom = Array.from({ length: 1_000 }, () => [0, 1, 0]).flat();
  assert.equal(wasmSections(Uint8Array.from([...HEADER, ...custom])), []);
  const many = Array.from({ length: 1_000 }, () => [1, 0]).flat();
  assert.throws(() => wasmSections(Uint8Array.from([...HEADER, ...many])), /too many sections/);
});

test.run();
