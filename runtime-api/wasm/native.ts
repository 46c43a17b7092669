/** V8's WebAssembly, as far as the runtime touches it. */
export interface NativeWasm {
  Module: WasmConstructor & {
    customSections(module: unknown, name: string): ArrayBuffer[];
    exports(module: unknown): object[];
  };
  Instance: WasmConstructor;
  Memory: WasmConstructor;
  Table: WasmConstructor;
  CompileError: new (message: string) => Error;
  validate(bytes: Uint8Array, options?: unknown): boolean;
  [name: string]: unknown;
}
export type WasmConstructor = new (...args: unknown[]) => object;

/** V8's own object, taken before any code of the worker runs; it becomes the worker's when that asks for it. */
export const nativeWasm = (globalThis as unknown as { WebAssembly: NativeWasm }).WebAssembly;

/** What of WebAssembly a version may use. Set once, before any of the worker's code runs. */
export const wasmSettings: {
  /** Memory of the isolate, in MB: what all WebAssembly memories together may take. */
  memoryMb: number;
  /** Whether bytes may be compiled at run time. */
  compile: boolean;
  /** Told whenever the bytes of all memories are known anew. */
  report: (bytes: number) => void;
} = { memoryMb: 128, compile: false, report: () => {} };
