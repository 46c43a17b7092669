import { readBody } from "../fetch/body.ts";
import { responseInsides } from "../fetch/response.ts";
import { headersFromFlat, headersValue } from "../fetch/headers.ts";
import { defineFunction } from "../globals/define.ts";
import { WASM_BYTES } from "../contract/bounds.ts";
import { utf8Encode } from "../encoding/utf8.ts";
import { Bytes, bytesCopy, bytesOf, typedByteLength } from "../primordials/bytes.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty, objectKeys } from "../primordials/object.ts";
import { promiseResolve } from "../primordials/promise.ts";
import { stringToLowerCase } from "../primordials/string.ts";
import { compile, compileRefusal, isModule, takeSource } from "./compile.ts";
import { instantiate } from "./module-instance.ts";
import { nativeWasm, wasmSettings } from "./native.ts";

const nativeValidate = nativeWasm.validate;

interface Instantiated {
  module: object;
  instance: object;
}

function requireImports(name: string, imports: unknown): void {
  const isObject = (typeof imports === "object" && imports !== null) || typeof imports === "function";
  if (imports !== undefined && !isObject)
    throw new TypeErrorOf(`WebAssembly.${name}(): Argument 1 must be an object`);
}

/**
 * The bytes of a response that says that it is WebAssembly.
 * @throws TypeError if it is no response, not ok, of another type, or its body was used
 */
async function takeResponse(name: string, source: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const response = responseInsides(source);
  if (response === undefined)
    throw new TypeErrorOf(`WebAssembly.${name}(): Argument 0 must be a Response or a Promise of one`);
  const type = headersValue(headersFromFlat(response.headers, "none"), "content-type");
  if (stringToLowerCase(type) !== "application/wasm")
    throw new TypeErrorOf(
      `WebAssembly.${name}(): Incorrect response MIME type. Expected 'application/wasm'.`,
    );
  if (response.status < 200 || response.status > 299)
    throw new TypeErrorOf(`WebAssembly.${name}(): HTTP status code is not ok`);
  if (!wasmSettings.compile) throw compileRefusal(name);
  if (response.body === null) return new Bytes(0);
  const whole = readBody(response.body);
  if (whole.later !== undefined) await whole.later;
  const { data } = whole;
  return typeof data === "string" ? utf8Encode(data) : bytesCopy(data);
}

/*
 * V8's own promises of these functions are settled by a platform task, which an isolate may never get. So the
 * work is done at once, in the slice, and the promise is settled by its microtasks.
 */
const functions = {
  validate(source: unknown, options?: unknown): boolean {
    const bytes = bytesOf(source);
    if (bytes !== undefined && typedByteLength(bytes) > WASM_BYTES) return false;
    return nativeValidate(takeSource("validate", source), options);
  },

  async compile(source: unknown, options?: unknown): Promise<object> {
    return compile("compile", takeSource("compile", source), options);
  },

  async instantiate(source: unknown, imports?: unknown, options?: unknown): Promise<object | Instantiated> {
    if (isModule(source)) {
      requireImports("instantiate", imports);
      return instantiate(source, imports);
    }
    const bytes = takeSource("instantiate", source);
    requireImports("instantiate", imports);
    const module = compile("instantiate", bytes, options);
    // The imports are read after the module is there, and never before the caller goes on.
    await promiseResolve(undefined);
    return { module, instance: instantiate(module, imports) };
  },

  async compileStreaming(source: unknown, options?: unknown): Promise<object> {
    const bytes = await takeResponse("compileStreaming", await source);
    return compile("compileStreaming", bytes, options);
  },

  async instantiateStreaming(source: unknown, imports?: unknown, options?: unknown): Promise<Instantiated> {
    requireImports("instantiateStreaming", imports);
    const bytes = await takeResponse("instantiateStreaming", await source);
    const module = compile("instantiateStreaming", bytes, options);
    return { module, instance: instantiate(module, imports) };
  },
};

/** Replaces the functions of the `WebAssembly` namespace, and adds those that take a response. */
export function replaceFunctions(): void {
  const names = objectKeys(functions) as (keyof typeof functions)[];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as keyof typeof functions;
    objectDefineProperty(functions[name], "length", dataDescriptor(1, false, false));
    defineFunction(nativeWasm, name, functions[name]);
  }
}
