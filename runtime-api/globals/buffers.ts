import { BufferOf } from "../primordials/bytes.ts";
import { RangeErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { reflectConstruct } from "../primordials/object.ts";
import { defineBuiltin, replaceConstructor } from "./wrap.ts";

/**
 * Takes away memory that V8 does not count against the isolate's limit (growable buffers) and memory that
 * could serve as a clock (shared buffers, waiting).
 */
export function limitBuffers(global: object): void {
  const realm = global as {
    SharedArrayBuffer?: unknown;
    Atomics?: { wait?: unknown; waitAsync?: unknown; pause?: unknown; notify?: unknown };
  };
  delete realm.SharedArrayBuffer;
  if (realm.Atomics !== undefined) {
    delete realm.Atomics.wait;
    delete realm.Atomics.waitAsync;
    delete realm.Atomics.notify;
    delete realm.Atomics.pause;
  }
  const Native = BufferOf;
  function ArrayBuffer(length: unknown, options?: { maxByteLength?: unknown }): unknown {
    if (new.target === undefined) throw new TypeErrorOf("Constructor ArrayBuffer requires 'new'");
    if (typeof options === "object" && options !== null && options.maxByteLength !== undefined) {
      throw new RangeErrorOf("Resizable ArrayBuffers are not available here: leave out 'maxByteLength'");
    }
    return reflectConstruct(Native, [length], new.target === ArrayBuffer ? Native : new.target);
  }
  replaceConstructor(Native, ArrayBuffer);
  delete (Native.prototype as { resize?: unknown }).resize;
  defineBuiltin(global, "ArrayBuffer", ArrayBuffer);
}
