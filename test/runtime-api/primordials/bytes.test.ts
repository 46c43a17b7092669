import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesCopy, bytesOf, isArrayBuffer, typedArrayKind } from "../../../runtime-api/primordials/bytes.ts";

test("bytesOf() reads slots, not properties that a tenant defined", () => {
  const source = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  Object.defineProperty(source, "byteLength", { value: 100 });
  assert.equal([...(bytesOf(source) ?? [])], [2, 3]);
  assert.equal([...(bytesOf(new DataView(new Uint8Array([9, 8, 7]).buffer, 1)) ?? [])], [8, 7]);
  assert.is(bytesOf({ byteLength: 2 }), undefined);
});

test("isArrayBuffer() and typedArrayKind() cannot be faked by a prototype", () => {
  assert.is(isArrayBuffer(Object.create(ArrayBuffer.prototype)), false);
  assert.is(isArrayBuffer(new ArrayBuffer(1)), true);
  assert.is(typedArrayKind(Object.create(Uint8Array.prototype)), undefined);
  assert.is(typedArrayKind(new Int16Array(1)), "Int16Array");
});

test("bytesCopy() gives memory of exactly the asked size", () => {
  const copy = bytesCopy(new Uint8Array([1, 2, 3, 4, 5]).subarray(1), 1, 3);
  assert.equal([...copy], [3, 4]);
  assert.is(copy.buffer.byteLength, 2);
});

test.run();
