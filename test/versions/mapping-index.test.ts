import { decodedMappings, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BLOCK_SEGMENTS, findMapping, indexBytes, indexMappings } from "../../src/versions/mapping-index.ts";

/** A map with many short lines, and some with more segments than a block has. */
function decoded(lines: number): [number, number, number, number][][] {
  return Array.from({ length: lines }, (_, line) =>
    Array.from({ length: line % 7 === 3 ? 300 : line % 5 }, (_, at) => [
      at * 3 + (line % 2),
      (line + at) % 11,
      Math.abs(4_000 - line * 40 + at),
      (at * 977) % 20_000,
    ]),
  );
}

test("findMapping finds what a decoded map has, wherever blocks begin", () => {
  const mappings = decoded(200);
  const sources = Array.from({ length: 11 }, (_, source) => `s${source}.ts`);
  const trace = new TraceMap({ version: 3, sources, names: [], mappings });
  const index = indexMappings(mappings, 1e6);
  assert.ok(index !== null && index.marks.length > 3 * 100);
  for (let line = 0; line <= 200; line++) {
    for (let column = 0; column < 40; column += 1 + (line % 3)) {
      const want = originalPositionFor(trace, { line: line + 1, column });
      const found = findMapping(index, line, column);
      const place = found && [sources[found.source], found.line + 1, found.column];
      assert.equal(
        place,
        want.source === null ? null : [want.source, want.line, want.column],
        `${line}:${column}`,
      );
    }
  }
});

test("findMapping finds no source where a segment has none, and the first of those at one column", () => {
  const index = indexMappings([[[2, 0, 5, 6], [2, 1, 7, 8], [9], [12, 0, 2 ** 31 - 1, 0]], []], 1e6)!;
  assert.is(findMapping(index, 0, 1), null);
  assert.equal(findMapping(index, 0, 2), { source: 0, line: 5, column: 6 });
  assert.is(findMapping(index, 0, 10), null);
  assert.equal(findMapping(index, 0, 99), { source: 0, line: 2 ** 31 - 1, column: 0 });
  assert.is(findMapping(index, 1, 0), null);
  assert.is(findMapping(indexMappings([], 1e6)!, 0, 0), null);
});

test("indexMappings gives up what is larger than it may be, and what counts below 0", () => {
  const mappings = decoded(50);
  const bytes = indexBytes(indexMappings(mappings, 1e6)!);
  assert.ok(indexMappings(mappings, bytes) !== null);
  assert.is(indexMappings(mappings, bytes - 1), null);
  assert.is(indexMappings([[[0, 0, -1, 0]]], 1e6), null);
});

test("indexMappings takes the numbers that 32 bits hold, and gives up at any other", () => {
  const most = 2 ** 32 - 1;
  const index = indexMappings([[[most, 0, most, most]]], 1e6)!;
  assert.equal(findMapping(index, 0, most), { source: 0, line: most, column: most });
  for (const bad of [Infinity, NaN, 2 ** 32, 1e15, 0.5, -1, "1" as unknown as number]) {
    for (let place = 0; place < 4; place++) {
      const [column = 0, source = 0, line = 0, sourceColumn = 0] = [0, 1, 2, 3].map((at) =>
        at === place ? bad : 0,
      );
      assert.is(indexMappings([[[column, source, line, sourceColumn]]], 1e6), null, `${bad} at ${place}`);
    }
  }
});

test("findMapping reads as many segments as a block has, whatever an index says", () => {
  // One block that never ends: 1,000 segments, each a column further in the source.
  const segments = Uint8Array.from({ length: 5_000 }, (_, at) => [0, 1, 1, 0, 2][at % 5]!);
  const index = { marks: Uint32Array.of(0, 0, 0), segments };
  assert.equal(findMapping(index, 0, 10), { source: 0, line: 0, column: 10 });
  assert.equal(findMapping(index, 0, 900), { source: 0, line: 0, column: BLOCK_SEGMENTS });
  for (const marks of [
    [0, 0, 4_999],
    [0, 0, 2 ** 32 - 1],
    [0, 0],
    [0, 0, 5, 0, 0, 2],
  ]) {
    findMapping({ marks: Uint32Array.from(marks), segments: segments.fill(255) }, 0, 900);
  }
});

test("an index takes about as much as the encoded map", () => {
  const encoded = "AAAA,IAAI,IAAI;AACA,MAAM,IAAI,MAAM;".repeat(10_000);
  const trace = new TraceMap({ version: 3, sources: ["a.ts"], names: [], mappings: encoded });
  assert.ok(indexBytes(indexMappings(decodedMappings(trace), 1e7)!) <= encoded.length * 1.2);
});

test.run();
