import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModulePositions } from "../../../src/versions/positions.ts";
import { mapBytes, readSourceMap } from "../../../src/versions/source-map.ts";
import { fitPositions } from "../../../src/versions/transform/fit-positions.ts";

const map = readSourceMap('{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}', 1e6)!;

function module(edits: number): ModulePositions {
  return { name: "a.js", firstLine: 1, lines: 1, shifts: new Uint32Array(edits * 4), sourceMap: map };
}

test("fitPositions keeps edits first, then the source maps that fit beside them", () => {
  const left = (maxBytes: number): string =>
    fitPositions([module(1), module(2), module(3)], maxBytes)
      .map(({ shifts, sourceMap }) => `${shifts.length / 4}${sourceMap === null ? "" : "m"}`)
      .join(" ");
  const one = mapBytes(map);
  assert.is(left(96 + 3 * one), "1m 2m 3m");
  assert.is(left(96 + 3 * one - 1), "1m 2m 3");
  assert.is(left(96), "1 2 3");
  assert.is(left(95), `1${one <= 47 ? "m" : ""} 2 0`);
  assert.is(left(15), "0 0 0");
});

test.run();
