import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blob, isBlob } from "../../../runtime-api/blob/blob.ts";
import "../../../runtime-api/blob/clone-blob.ts";
import { File, isFile } from "../../../runtime-api/blob/file.ts";
import { structuredClone } from "../../../runtime-api/clone/structured-clone.ts";
import { standInIo } from "../stand-in-io.ts";
import { ofKind } from "../../of-kind.ts";

const NodeBlob = globalThis.Blob;
const seen = standInIo();

const PARTS: unknown[][] = [
  [],
  [""],
  ["héllo", "\u{1f600}", "lone \ud800 end"],
  [new Uint8Array([1, 2, 3]), new Uint8Array([0, 9, 8, 0]).subarray(1, 3), new Uint16Array([257])],
  [new Uint8Array([1, 2, 3]).buffer, new DataView(new ArrayBuffer(4), 1, 2)],
  [1, null, undefined, true, { toString: () => "object" }, ["a", "b"]],
  ["a\r\nb\rc\n"],
];

test("Blob joins parts as Node's does", async () => {
  for (const parts of PARTS) {
    const ours = new Blob(parts);
    const theirs = new NodeBlob(parts as never);
    assert.is(ours.size, theirs.size);
    assert.equal([...(await ours.bytes())], [...new Uint8Array(await theirs.arrayBuffer())]);
    assert.is(await ours.text(), await theirs.text());
  }
});

test("Blob.slice cuts as Node's does", async () => {
  const ours = new Blob(["0123456789"]);
  const theirs = new NodeBlob(["0123456789"]);
  const ends = [undefined, 0, 3, -3, 20, -20, 2.9, NaN, "4" as unknown as number, Infinity];
  for (const start of ends) {
    for (const end of ends) {
      assert.is(
        await ours.slice(start, end).text(),
        await theirs.slice(start, end).text(),
        `${start} ${end}`,
      );
      assert.is(
        await ours.slice(2, 8).slice(start, end).text(),
        await theirs.slice(2, 8).slice(start, end).text(),
      );
    }
  }
  assert.is(ours.slice(0, 1, "TEXT/Plain").type, "text/plain");
  assert.is(ours.slice(0, 1).type, "");
});

test("Blob lowers its type, and drops one that is not printable", () => {
  assert.is(new Blob([], { type: "Text/HTML;Charset=X" }).type, "text/html;charset=x");
  assert.is(new Blob([], { type: "te\u0009xt" }).type, "");
  assert.is(new Blob([], { type: "tëxt" }).type, "");
  assert.is(new Blob([]).type, "");
});

test("Blob turns line ends native where asked", async () => {
  assert.is(await new Blob(["a\r\nb\rc\nd\r"], { endings: "native" }).text(), "a\nb\nc\nd\n");
  assert.throws(() => new Blob([], { endings: "other" as "native" }), /endings/);
});

test("Blob.text drops a byte order mark, bytes keeps it", async () => {
  const blob = new Blob(["\ufeffx"]);
  assert.is(await blob.text(), "x");
  assert.is((await blob.bytes()).length, 4);
});

test("Blob gives copies: nobody can change it", async () => {
  const source = new Uint8Array([1, 2, 3]);
  const blob = new Blob([source]);
  source.fill(0);
  (await blob.bytes()).fill(0);
  new Uint8Array(await blob.arrayBuffer()).fill(0);
  for await (const chunk of blob.stream()) chunk.fill(0);
  assert.equal([...(await blob.bytes())], [1, 2, 3]);
  assert.is((await blob.slice(1, 2).bytes()).buffer.byteLength, 1);
});

test("Blob refuses parts that are no iterable object, and options that are none", () => {
  for (const parts of ["text", 1, null, {}, true])
    assert.throws(() => new Blob(parts as never), ofKind(TypeError));
  assert.throws(() => new Blob([], 1 as never), ofKind(TypeError));
  assert.throws(() => new Blob([Symbol()] as never), ofKind(TypeError));
});

test("new Blob and File convert their arguments from left to right, each item before the next", () => {
  const steps: string[] = [];
  const item = (name: string): object => ({ toString: () => (steps.push(name), name) });
  const parts = {
    *[Symbol.iterator]() {
      steps.push("begin");
      yield item("a");
      yield item("b");
    },
  };
  const options = new Proxy({}, { get: (_target, key) => void steps.push(String(key)) });
  void new Blob(parts, options);
  assert.equal(steps, ["begin", "a", "b", "endings", "type"]);
  steps.length = 0;
  void new File(parts, item("name") as unknown as string, options);
  assert.equal(steps, ["begin", "a", "b", "name", "endings", "type", "lastModified"]);
});

test("new Blob copies buffers when all parts are converted, and takes detached ones as empty", async () => {
  const buffer = new Uint8Array([1, 2, 3]);
  const parts = [buffer, { toString: () => (buffer.fill(9), "x") }];
  assert.equal([...(await new Blob(parts).bytes())], [9, 9, 9, 120]);
  const gone = new ArrayBuffer(4);
  structuredClone(gone, { transfer: [gone] });
  assert.is(new Blob([gone, "x"]).size, 1);
});

test("Blob's methods go by the brand", async () => {
  const fake = Object.create(Blob.prototype) as Blob;
  assert.is(isBlob(fake), false);
  assert.throws(() => fake.size, ofKind(TypeError));
  assert.instance(await fake.text().catch((error: unknown) => error), TypeError);
  assert.is(Object.prototype.toString.call(new Blob()), "[object Blob]");
});

test("File has a name and a time", async () => {
  const file = new File(["abc"], "n\ud800.txt", { type: "a/b", lastModified: 12.9 });
  assert.is(file.name, "n\ufffd.txt");
  assert.is(file.lastModified, 12);
  assert.is(file.type, "a/b");
  assert.is(await file.text(), "abc");
  assert.is(isBlob(file) && isFile(file) && file instanceof Blob, true);
  assert.is(new File([], "x").lastModified, seen.clockMs);
  assert.is(Object.prototype.toString.call(file), "[object File]");
  assert.throws(() => new (File as unknown as new (bits: unknown[]) => File)([]), /2 arguments/);
});

test("structuredClone copies blobs and files", async () => {
  const { blob, file } = structuredClone({
    blob: new Blob(["a"], { type: "b/c" }),
    file: new File(["d"], "e", { lastModified: 5 }),
  });
  assert.is(isFile(blob), false);
  assert.equal([await blob.text(), blob.type], ["a", "b/c"]);
  assert.equal([await file.text(), file.name, file.lastModified], ["d", "e", 5]);
});

test.run();
