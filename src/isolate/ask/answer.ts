import { Ask } from "../../../runtime-api/contract/sync.ts";
import { random } from "./random.ts";
import { wasmCap } from "./wasm-cap.ts";
import { urlParse } from "./url-parse.ts";
import { urlSet } from "./url-set.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

/** Answers one question of an isolate that is a pure function of primitives. Never throws; null is "no". */
export function answer(op: unknown, args: readonly unknown[]): string | Uint8Array | null {
  try {
    switch (op) {
      case Ask.urlParse:
        return urlParse(args[0], args[1]);
      case Ask.urlSet:
        return urlSet(args[0], args[1], args[2]);
      case Ask.random:
        return random(args[0]);
      case Ask.utf8Encode:
        return utf8Encode(args[0]);
      case Ask.utf8Decode:
        return utf8Decode(args[0], args[1], args[2]);
      case Ask.wasmCap:
        return wasmCap(args[0], args[1]);
      default:
        return null;
    }
  } catch {
    // A host error would bring its file paths into the isolate.
    return null;
  }
}
