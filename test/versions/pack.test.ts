import { test } from "uvu";
import * as assert from "uvu/assert";
import { packVersion, positionsOf, unpackVersion } from "../../src/versions/pack.ts";
import { packPositions, unpackPositions } from "../../src/versions/pack-positions.ts";
import { encodePacket } from "../../src/versions/packet.ts";
import { originalPlace, type Positions } from "../../src/versions/positions.ts";

const POSITIONS: Positions = {
  modules: [
    { name: "a.js", firstLine: 3, lines: 2, shifts: Uint32Array.of(1, 4, 2, 6), sourceMap: null },
    {
      name: "b.js",
      firstLine: 8,
      lines: 1,
      shifts: new Uint32Array(),
      sourceMap: {
        sources: ["b.ts"],
        mappings: { marks: Uint32Array.of(0, 0, 0), segments: Uint8Array.of(0, 0, 1, 8, 2) },
      },
    },
  ],
};

function version(positions: Uint8Array): Parameters<typeof packVersion>[0] {
  return {
    code: { script: "[]", values: [{ name: "t.txt", kind: "text", value: "t" }] },
    positions,
    main: "a.js",
    format: "modules",
    sizeBytes: 2,
    hash: "h",
  };
}

test("positionsOf reads the positions of a packed version, and shares no memory with it", () => {
  const packed = packVersion(version(packPositions(POSITIONS)));
  const { positions, sizeBytes } = positionsOf(packed);
  packed.fill(0);
  assert.equal(positions, POSITIONS);
  assert.equal(originalPlace(positions, 8, 9), { file: "b.ts", line: 5, column: 2 });
  assert.ok(sizeBytes > 16 + 12 + 5);
});

test("a version of the first format is read without its source maps", () => {
  const modules = POSITIONS.modules.map(({ shifts, ...module }) => ({
    ...module,
    shifts: [...shifts],
    sourceMap: { version: 3, sources: ["x.ts"], names: [], mappings: "AAAA" },
  }));
  const header = { format: 1, main: "a.js", workerFormat: "modules", sizeBytes: 2, hash: "h" };
  const encoder = new TextEncoder();
  const packed = encodePacket({
    header: { ...header, values: [{ name: "t.txt", kind: "text" }] },
    blobs: ["[]", JSON.stringify({ modules }), "t"].map((text) => encoder.encode(text)),
  });
  const want = { modules: POSITIONS.modules.map((module) => ({ ...module, sourceMap: null })) };
  assert.equal(positionsOf(packed).positions, want);
  assert.equal(unpackVersion(packed), version(packPositions(want)));
});

test("unpackPositions refuses what packPositions did not write", () => {
  const good = packPositions(POSITIONS);
  assert.equal(unpackPositions(good).positions, POSITIONS);
  const module = { name: "a.js", firstLine: 1, lines: 1, shifts: false, sources: null };
  const bad: [header: unknown, blobs: Uint8Array[]][] = [
    [{}, []],
    [[{ ...module, name: 1 }], []],
    [[{ ...module, firstLine: -1 }], []],
    [[{ ...module, shifts: true }], []],
    [[{ ...module, shifts: true }], [new Uint8Array(12)]],
    [[{ ...module, shifts: true }], [new Uint8Array(15)]],
    [[{ ...module, sources: [1] }], [new Uint8Array(12), new Uint8Array(1)]],
    [[{ ...module, sources: ["a"] }], [new Uint8Array(12)]],
    [[module], [new Uint8Array(1)]],
  ];
  for (const [header, blobs] of bad)
    assert.throws(
      () => unpackPositions(encodePacket({ header, blobs })),
      / wrong|expected/,
      JSON.stringify(header),
    );
});

test("unpackPositions takes 20 MiB, and looks at nothing that is larger", () => {
  const packed = (mappings: number): Uint8Array =>
    packPositions({
      modules: [
        {
          name: "a.js",
          firstLine: 1,
          lines: 1,
          shifts: new Uint32Array(),
          sourceMap: {
            sources: [],
            mappings: { marks: new Uint32Array(), segments: new Uint8Array(mappings) },
          },
        },
      ],
    });
  const beside = packed(10_000_000).length - 10_000_000;
  assert.is(unpackPositions(packed(20 * 1024 ** 2 - beside)).positions.modules.length, 1);
  assert.throws(() => unpackPositions(packed(20 * 1024 ** 2 - beside + 1)), /size is wrong/);
});

test("unpackPositions reads numbers wherever they lie in memory, and shares none of it", () => {
  const packed = packPositions(POSITIONS);
  for (let shift = 0; shift < 4; shift++) {
    const memory = new Uint8Array(packed.length + 4);
    memory.set(packed, shift);
    const { positions } = unpackPositions(memory.subarray(shift, shift + packed.length));
    memory.fill(0);
    assert.equal(positions, POSITIONS);
  }
});

test.run();
