import { WASM_BYTES } from "../contract/bounds.ts";
import { Ask } from "../contract/sync.ts";
import { io } from "../io/io.ts";
import { bytesCopy, bytesOf, typedByteLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { reflectConstruct } from "../primordials/object.ts";
import { nativeWasm, wasmSettings } from "./native.ts";

const { CompileError, Module: NativeModule, validate } = nativeWasm;
const customSections = NativeModule.customSections;

/** The error that Workers users know for compiling at run time. */
export function compileRefusal(name: string): Error {
  return new CompileError(`WebAssembly.${name}(): Wasm code generation disallowed by embedder`);
}

/** Whether the value is a WebAssembly.Module, by its brand. */
export function isModule(value: unknown): boolean {
  try {
    customSections(value, "");
    return true;
  } catch {
    return false;
  }
}

/**
 * A copy of the bytes of a BufferSource.
 * @throws TypeError for anything else
 */
export function takeSource(name: string, source: unknown): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(source);
  if (bytes === undefined) throw new TypeErrorOf(`WebAssembly.${name}(): Argument 0 must be a buffer source`);
  return bytesCopy(bytes);
}

/**
 * Compiles bytes that nobody else has, with the memories and tables that they declare held to the isolate's
 * limits, as the deploy does it to those of an upload.
 *
 * @throws CompileError where the operator does not allow it, the bytes are no module or are beyond a limit
 */
export function compile(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  options: unknown,
  newTarget: Function = NativeModule,
): object {
  if (!wasmSettings.compile) throw compileRefusal(name);
  if (typedByteLength(bytes) > WASM_BYTES)
    throw new CompileError(`WebAssembly.${name}(): a module has at most ${WASM_BYTES} bytes here`);
  const capped = io.ask(Ask.wasmCap, bytes, wasmSettings.memoryMb);
  if (capped !== null && !validate(bytes, options)) {
    // V8 says best what is wrong. Whatever its answer, nothing that is above the limits gets out of here.
    construct(bytes, options, NativeModule);
    throw new CompileError(`WebAssembly.${name}(): the module is not valid`);
  }
  if (typeof capped === "string") throw new CompileError(`WebAssembly.${name}(): ${capped}`);
  return construct(capped ?? bytes, options, newTarget);
}

function construct(bytes: object, options: unknown, newTarget: Function): object {
  return reflectConstruct(
    NativeModule,
    options === undefined ? [bytes] : [bytes, options],
    newTarget,
  ) as object;
}
