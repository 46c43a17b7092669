import { defineInterface } from "../globals/define.ts";
import { CompressionStream } from "./compression-stream.ts";
import { DecompressionStream } from "./decompression-stream.ts";

/** Defines the globals of the Compression standard. */
export function exposeCompression(global: object): void {
  defineInterface(global, "CompressionStream", CompressionStream);
  defineInterface(global, "DecompressionStream", DecompressionStream);
}
