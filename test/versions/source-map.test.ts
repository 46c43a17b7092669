import { test } from "uvu";
import * as assert from "uvu/assert";
import { positionsOf, packVersion } from "../../src/versions/pack.ts";
import { mapBytes, readSourceMap } from "../../src/versions/source-map.ts";
import { transformUpload } from "../../src/versions/transform/transform-upload.ts";

const MB = 1024 ** 2;
const map = (mappings: string, sources = ["a.ts"]): string =>
  JSON.stringify({ version: 3, sources, names: [], mappings });
const section = (inner: unknown): unknown => ({
  version: 3,
  sections: [{ offset: { line: 0, column: 0 }, map: inner }],
});

test("readSourceMap takes a map of as many bytes as there is room for", () => {
  const text = map("AAAA,IAAI,".repeat(100) + "IAAI");
  const bytes = mapBytes(readSourceMap(text, MB)!);
  assert.ok(readSourceMap(text, bytes) !== null);
  assert.is(readSourceMap(text, bytes - 1), null);
});

test("readSourceMap ignores a map whose mappings are too long, in sections or not", () => {
  const mappings = "AAAA,IAAI";
  assert.ok(readSourceMap(map(mappings), MB, 9) !== null);
  assert.is(readSourceMap(map(mappings), MB, 8), null);
  const half = JSON.parse(map(mappings)) as unknown;
  const sections = [half, half].map((inner, at) => ({ offset: { line: at, column: 0 }, map: inner }));
  assert.ok(readSourceMap(JSON.stringify({ version: 3, sections }), MB, 18) !== null);
  assert.is(readSourceMap(JSON.stringify({ version: 3, sections }), MB, 17), null);
});

test("readSourceMap ignores a map with too many sources or sections within sections", () => {
  const names = (count: number): string[] => Array.from({ length: count }, () => "");
  assert.ok(readSourceMap(map("AAAA", names(65_536)), 8 * MB) !== null);
  assert.is(readSourceMap(map("AAAA", names(65_537)), 8 * MB), null);
  let nested: unknown = JSON.parse(map("AAAA"));
  for (let depth = 0; depth < 9; depth++) nested = section(nested);
  assert.is(readSourceMap(JSON.stringify(nested), MB), null);
  assert.ok(readSourceMap(JSON.stringify(section(JSON.parse(map("AAAA")))), MB) !== null);
});

test("readSourceMap ignores a map whose sections begin where no code can be", () => {
  const begins = (line: string, column: string): string =>
    `{"version":3,"sections":[{"offset":{"line":${line},"column":${column}},"map":${map("AAAA")}}]}`;
  assert.ok(readSourceMap(begins("1048576", "9"), MB) !== null);
  for (const line of ["1048577", "1e999", "-1", "0.5", '"1"', "null"]) {
    assert.is(readSourceMap(begins(line, "0"), MB), null, line);
  }
  for (const column of ["1e999", "1e15", "-1", "0.5", '"1"']) {
    assert.is(readSourceMap(begins("1", column), MB), null, column);
  }
});

test("a source of a map counts with what its name takes where the host reads it", () => {
  const bytes = (source: string): number => mapBytes(readSourceMap(map("AAAA", [source]), MB)!);
  assert.is(bytes("aa") - bytes("a"), 4);
  assert.is(bytes("é") - bytes("a"), 4);
  assert.is(bytes('"') - bytes("a"), 4);
});

test("the edits of a version's modules come before the source maps, and take 8 MiB with them", () => {
  const name = "a.js";
  const versionOf = (edits: number): ReturnType<typeof positionsOf> => {
    const content = `export default 1;\n${"import.meta;".repeat(edits)}`;
    const result = transformUpload(
      {
        main: name,
        modules: [
          { name, type: "esm", content },
          { name: "b.js", type: "esm", content: "export default 2" },
        ],
        sourceMaps: { [name]: map("AAAA"), "b.js": map("AAAA") },
      },
      { scriptBytes: 1e8, memoryMb: 128 },
    );
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return positionsOf(packVersion({ ...result.version, sizeBytes: 0, hash: "" }));
  };
  const few = versionOf(1_000).positions.modules;
  assert.ok(few[0]!.shifts.length >= 4_000 && few[0]!.sourceMap !== null);
  const { positions, sizeBytes } = versionOf(2 ** 19 + 1);
  assert.is(positions.modules[0]!.shifts.length, 0);
  assert.is(positions.modules[0]!.sourceMap, null);
  assert.ok(positions.modules[1]!.shifts.length > 0 && positions.modules[1]!.sourceMap !== null);
  assert.ok(sizeBytes < 10_000, `${sizeBytes}`);
});

test("the source maps of a version take 8 MiB together, and those beyond are left out", () => {
  // Each takes 2.5 MB.
  const sources = Array.from({ length: 625 }, () => "s".repeat(1_000));
  const names = ["a.js", "b.js", "c.js", "d.js"];
  const result = transformUpload(
    {
      main: "a.js",
      modules: names.map((name) => ({ name, type: "esm", content: "export default 1" })),
      sourceMaps: Object.fromEntries(names.map((name) => [name, map("AAAA", sources)])),
    },
    { scriptBytes: 1e6, memoryMb: 128 },
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { positions, sizeBytes } = positionsOf(packVersion({ ...result.version, sizeBytes: 0, hash: "" }));
  assert.equal(
    positions.modules.map(({ sourceMap }) => sourceMap !== null),
    [true, true, true, false],
  );
  assert.ok(sizeBytes > 7.5e6 && sizeBytes <= 8 * MB, `${sizeBytes}`);
});

test.run();
