import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blob } from "../../../runtime-api/blob/blob.ts";
import { File } from "../../../runtime-api/blob/file.ts";
import { FormData } from "../../../runtime-api/form-data/form-data.ts";
import { standInIo } from "../stand-in-io.ts";
import { ofKind } from "../../of-kind.ts";

const NodeFormData = globalThis.FormData;
standInIo();

test("FormData does what Node's does, over many random steps", () => {
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const names = ["a", "b", "c", "\ud800", ""];
  const ours = new FormData();
  const theirs = new NodeFormData();
  for (let i = 0; i < 2_000; i++) {
    const name = names[random(names.length)] as string;
    const step = random(6);
    if (step < 3) {
      ours.append(name, `${i}`);
      theirs.append(name, `${i}`);
    } else if (step === 3) {
      ours.set(name, `${i}`);
      theirs.set(name, `${i}`);
    } else if (step === 4) {
      ours.delete(name);
      theirs.delete(name);
    } else {
      assert.is(ours.get(name), theirs.get(name));
      assert.equal(ours.getAll(name), theirs.getAll(name));
      assert.is(ours.has(name), theirs.has(name));
    }
    if (i % 50 === 0) {
      assert.equal([...ours], [...theirs]);
      assert.equal([...ours.keys()], [...theirs.keys()]);
      assert.equal([...ours.values()], [...theirs.values()]);
    }
  }
});

test("FormData makes files of blobs", async () => {
  const form = new FormData();
  const file = new File(["x"], "own.txt", { lastModified: 3 });
  form.append("blob", new Blob(["1"], { type: "a/b" }));
  form.append("named", new Blob(["2"]), "given.txt");
  form.append("file", file);
  form.append("renamed", file, "other.txt");
  const [blob, named, same, renamed] = [...form.values()] as File[];
  assert.equal([blob?.name, blob?.type, await blob?.text()], ["blob", "a/b", "1"]);
  assert.is(named?.name, "given.txt");
  assert.is(same, file);
  assert.equal([renamed?.name, renamed?.lastModified, await renamed?.text()], ["other.txt", 3, "x"]);
});

test("FormData refuses a file name for text, missing arguments and form elements", () => {
  const form = new FormData();
  assert.throws(() => form.append("a", "b", "c"), ofKind(TypeError));
  assert.throws(() => (form.append as (name: string) => void)("a"), /2 arguments/);
  assert.throws(() => new FormData({} as never), ofKind(TypeError));
  assert.throws(() => FormData.prototype.get.call({} as FormData, "a"), ofKind(TypeError));
});

test("FormData.forEach and iterators see changes that happen meanwhile", () => {
  const form = new FormData();
  form.append("a", "1");
  form.append("b", "2");
  const seen: unknown[] = [];
  form.forEach(function (this: unknown, value, name) {
    seen.push([name, value, this]);
    if (name === "a") form.append("c", "3");
  }, 5);
  assert.equal(seen, [
    ["a", "1", 5],
    ["b", "2", 5],
    ["c", "3", 5],
  ]);
  const iterator = form.keys();
  iterator.next();
  form.delete("b");
  assert.equal([...iterator], ["c"]);
});

test("FormData's iterators have the prototype that Web IDL asks for", () => {
  const iterator = new FormData().entries();
  const prototype = Object.getPrototypeOf(iterator) as object;
  assert.is(Object.getPrototypeOf(prototype), Object.getPrototypeOf(Object.getPrototypeOf([].values())));
  assert.is(Object.prototype.toString.call(iterator), "[object FormData Iterator]");
  assert.equal(Reflect.ownKeys(prototype), ["next", Symbol.toStringTag]);
  assert.throws(() => (prototype as Iterator<unknown>).next(), ofKind(TypeError));
  assert.is(Reflect.get(FormData.prototype, Symbol.iterator), Reflect.get(FormData.prototype, "entries"));
});

test.run();
